import { RecordTable, type RecordTableOptions } from "../../kit/record-table.js";

/** A record as the API returns it. */
export type Row = Record<string, unknown>;

export interface User {
  id: number;
  name: string;
  email: string;
  active_flag: boolean;
}

export interface LeadLabel {
  id: string;
  name: string;
  color: string;
}

/** A field of a kind of record, built-in or the company's own. */
export interface Field {
  code: string;
  name: string;
  type: string;
  isCustom: boolean;
  options?: { id: number | string; label: string }[];
}

export interface AccountOptions extends RecordTableOptions {
  /** Whether people have the fields of contact sync: job title, postal address, notes, birthday. */
  contactSync: boolean;
}

/** The data of one company. */
export class PipedriveAccount {
  readonly contactSync: boolean;
  readonly now: () => number;
  readonly organizations: RecordTable<Row>;
  readonly persons: RecordTable<Row>;
  readonly activities: RecordTable<Row>;
  readonly leads: RecordTable<Row>;
  readonly users: User[] = [];
  readonly leadLabels: LeadLabel[] = [];
  personFields: readonly Field[] = [];
  leadFields: readonly Field[] = [];
  #lastId = 0;

  constructor(
    readonly name: string,
    { contactSync, now, indexLagMs }: AccountOptions,
  ) {
    this.contactSync = contactSync;
    this.now = () => now();
    const table = () => new RecordTable<Row>({ now: this.now, indexLagMs });
    [this.organizations, this.persons, this.activities, this.leads] = [table(), table(), table(), table()];
  }

  newId(): number {
    return (this.#lastId += 1);
  }

  /**
   * The user of the API token, or the user who installed the app. This user owns records that are created without an
   * owner.
   */
  get me(): User {
    return this.users[0]!;
  }
}

/** Writes a time as v2 does: RFC 3339 in whole seconds. */
export function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
