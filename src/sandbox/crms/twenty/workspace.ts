import { randomUUID } from "node:crypto";
import type { ObjectDefinition, ObjectName } from "./objects.js";
import { objectOfVersion, type TwentyVersion } from "./version.js";

/** Microseconds since the epoch. The database stores times more precisely than the API shows them. */
export type Micros = number;

export interface Row {
  id: string;
  createdAt: Micros;
  updatedAt: Micros;
  deletedAt: Micros | null;
  /** All other fields by name. Times are microseconds, and composites are objects. */
  values: Record<string, unknown>;
}

const MICROS_IN_MS = 1000;
/**
 * Microseconds between two writes in the same millisecond, and between the millisecond's beginning and the first write.
 */
const STEP_MICROS = 137;

/** One account: a workspace with its tables. */
export class Workspace {
  readonly name: string;
  readonly #tables = new Map<ObjectName, Map<string, Row>>();
  readonly #now: () => number;
  #lastMicros = 0;

  constructor(
    name: string,
    now: () => number,
    readonly version: TwentyVersion,
  ) {
    this.name = name;
    this.#now = now;
  }

  object(name: ObjectName): ObjectDefinition {
    return objectOfVersion(this.version, name);
  }

  /**
   * Whether lists leave a record out: a calendar event that no calendar has, such as those that are made through the API. It
   * can be read by its id.
   */
  isHidden(object: ObjectName, { id }: Row): boolean {
    if (!this.version.isRecent || object !== "calendarEvent") return false;
    return !this.rows("calendarChannelEventAssociation").some(({ values }) => values["calendarEventId"] === id);
  }

  /** Returns the time of a new transaction. No two transactions have the same time. */
  tick(): Micros {
    this.#lastMicros = Math.max(this.#now() * MICROS_IN_MS, this.#lastMicros) + STEP_MICROS;
    return this.#lastMicros;
  }

  insert(object: ObjectName, row: Partial<Row> & Pick<Row, "values">): Row {
    const at = row.createdAt ?? this.tick();
    const whole: Row = { id: randomUUID(), createdAt: at, updatedAt: at, deletedAt: null, ...row };
    this.#table(object).set(whole.id, whole);
    return whole;
  }

  /** Finds a record, deleted or not. */
  find(object: ObjectName, id: string): Row | undefined {
    return this.#table(object).get(id);
  }

  destroy(object: ObjectName, id: string): void {
    this.#table(object).delete(id);
  }

  live(object: ObjectName, id: string): Row | undefined {
    const row = this.find(object, id);
    return row?.deletedAt === null ? row : undefined;
  }

  rows(object: ObjectName): Row[] {
    return [...this.#table(object).values()];
  }

  #table(object: ObjectName): Map<string, Row> {
    const found = this.#tables.get(object) ?? new Map<string, Row>();
    this.#tables.set(object, found);
    return found;
  }
}

export function toMicros(isoOrMs: string | number): Micros {
  return new Date(isoOrMs).getTime() * MICROS_IN_MS;
}

/** Writes a time as the API does, in whole milliseconds. */
export function toIso(micros: Micros): string {
  return new Date(Math.floor(micros / MICROS_IN_MS)).toISOString();
}
