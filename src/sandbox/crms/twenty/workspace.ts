import { randomUUID } from "node:crypto";
import type { ObjectName } from "./objects.js";

/** Microseconds since the epoch: the database keeps finer times than the API shows. */
export type Micros = number;

export interface Row {
  id: string;
  createdAt: Micros;
  updatedAt: Micros;
  deletedAt: Micros | null;
  /** All other fields by name; times are microseconds, composites are objects. */
  values: Record<string, unknown>;
}

const MICROS_IN_MS = 1000;
/** Between two writes of one millisecond, and after its beginning. */
const STEP_MICROS = 137;

/** One account: a workspace with its tables. */
export class Workspace {
  readonly #tables = new Map<ObjectName, Map<string, Row>>();
  readonly #now: () => number;
  #lastMicros = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The database's clock, which never gives the same time to two transactions. */
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

  /** Whether it is deleted or not. */
  find(object: ObjectName, id: string): Row | undefined {
    return this.#table(object).get(id);
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

/** As the API shows it: in whole milliseconds. */
export function toIso(micros: Micros): string {
  return new Date(Math.floor(micros / MICROS_IN_MS)).toISOString();
}
