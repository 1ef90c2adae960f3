import { ExactNumber } from "../../kit/exact-number.js";
import { textOf } from "../../kit/json.js";
import { hashOf } from "../../kit/random.js";
import { entityNamed, ENTITIES } from "./entities.js";

/** A reference to another record. */
export interface Reference {
  entity: string;
  id: string;
}

export type Value = string | number | ExactNumber | boolean | null | Reference;
/** Column → value; what was never written is not in it. */
export type Row = Readonly<Record<string, Value>>;

export function isReference(value: Value | undefined): value is Reference {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

/** The data of one environment. Rows are replaced, never changed. */
export class Org {
  /** The user for whom apps make calls. */
  readonly userId: string;
  readonly #tables = new Map<string, Map<string, Row>>(ENTITIES.map(({ name }) => [name, new Map()]));
  readonly #parties = new Map<string, readonly Row[]>();
  #ids = 0;

  constructor(
    readonly name: string,
    readonly now: () => number,
  ) {
    this.userId = this.newId();
  }

  /** Makes a GUID that contains a hash of the account, so that no two accounts share one. */
  newId(): string {
    this.#ids += 1;
    const prefix = hashOf(this.name).toString(16).padStart(8, "0");
    // Mixes the number, so that ids do not have the order of the records.
    const scattered = (Math.imul(this.#ids, 2654435761) >>> 0).toString(16).padStart(8, "0");
    return `${prefix}-${scattered.slice(0, 4)}-ed11-${scattered.slice(4)}-${this.#ids.toString(16).padStart(12, "0")}`;
  }

  get(entity: string, id: string): Row | undefined {
    return this.#table(entity).get(id.toLowerCase());
  }

  all(entity: string): readonly Row[] {
    if (entity === "activityparty") return [...this.#parties.values()].flat();
    return [...this.#table(entity).values()];
  }

  put(entity: string, row: Row): void {
    this.#table(entity).set(textOf(row[entityNamed(entity).key]), row);
  }

  remove(entity: string, id: string): void {
    this.#table(entity).delete(id);
    this.#parties.delete(id);
    for (const [activity, parties] of this.#parties) {
      const kept = parties.filter(({ partyid }) => !isReference(partyid) || partyid.id !== id);
      if (kept.length < parties.length) this.#parties.set(activity, kept);
    }
    for (const referring of ["contact", "lead", "appointment"]) this.#forget(referring, id);
  }

  partiesOf(activityId: string): readonly Row[] {
    return this.#parties.get(activityId) ?? [];
  }

  setParties(activityId: string, parties: readonly Row[]): void {
    this.#parties.set(activityId, parties);
  }

  #table(entity: string): Map<string, Row> {
    return this.#tables.get(entity)!;
  }

  /** Empties the references to a deleted record. */
  #forget(entity: string, id: string): void {
    for (const [key, row] of this.#table(entity)) {
      const gone = Object.entries(row).filter(([, value]) => isReference(value) && value.id === id);
      if (gone.length > 0) {
        this.#table(entity).set(key, { ...row, ...Object.fromEntries(gone.map(([name]) => [name, null])) });
      }
    }
  }
}

/** Writes a time as the Web API does: in UTC, in whole seconds. */
export function moment(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
