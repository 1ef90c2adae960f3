import { IdMaker } from "./ids.js";
import { OBJECTS, objectOfId } from "./schema/index.js";
import type { ObjectSchema } from "./schema/object.js";

/** Dates are kept as `YYYY-MM-DD`, date-times in milliseconds since the epoch. */
export type Value = string | number | boolean | null;

/** One stored record by field name. Absent means null; never changed in place, so that a rollback can put it back. */
export type Row = Readonly<Record<string, Value>>;

export interface FoundRecord {
  schema: ObjectSchema;
  row: Row;
}

interface Undo {
  table: Map<string, Row>;
  id: string;
  before: Row | undefined;
}

/** One Salesforce org: what an account of the sandbox is. */
export class Org {
  readonly name: string;
  readonly id: string;
  /** The user that API calls act as. */
  readonly userId: string;
  readonly ids: IdMaker;
  /**
   * Whether an event takes several people at once (`EventWhoIds`). Real orgs differ: an account whose name ends
   * with `-unshared` is one that has it switched off.
   */
  readonly sharedActivities: boolean;
  readonly #now: () => number;
  readonly #tables = new Map<string, Map<string, Row>>(OBJECTS.map((schema) => [schema.name, new Map()]));
  #journal: Undo[] | null = null;

  constructor(name: string, now: () => number) {
    this.name = name;
    this.#now = now;
    this.ids = new IdMaker(name);
    this.id = this.ids.next("00D");
    this.userId = this.ids.next("005");
    this.sharedActivities = !name.endsWith("-unshared");
  }

  /** Salesforce keeps whole seconds. */
  now(): number {
    return Math.floor(this.#now() / 1000) * 1000;
  }

  /** The address that names the org and the user of its API calls, at the server of that origin. */
  identityUrl(origin: string): string {
    return `${origin}/id/${this.id}/${this.userId}`;
  }

  /** All records of an object in the order they were made, deleted ones included. */
  rows(schema: ObjectSchema): Iterable<Row> {
    return this.#table(schema).values();
  }

  /** The record of an 18-character id, deleted or not. */
  row(schema: ObjectSchema, id: string): Row | null {
    return this.#table(schema).get(id) ?? null;
  }

  /** The record of an 18-character id, whatever object it is of. */
  find(id: string): FoundRecord | null {
    const schema = objectOfId(id);
    const row = schema && this.row(schema, id);
    return row ? { schema, row } : null;
  }

  put(schema: ObjectSchema, row: Row): void {
    const table = this.#table(schema);
    const id = String(row.Id);
    this.#journal?.push({ table, id, before: table.get(id) });
    table.set(id, row);
  }

  /** Runs work that is kept whole or not at all; inside another one, it is kept with that one. */
  transaction<Result>(work: () => Result): Result {
    const outer = this.#journal;
    const journal: Undo[] = [];
    this.#journal = journal;
    try {
      const result = work();
      outer?.push(...journal);
      return result;
    } catch (error) {
      for (const { table, id, before } of journal.reverse()) {
        if (before) table.set(id, before);
        else table.delete(id);
      }
      throw error;
    } finally {
      this.#journal = outer;
    }
  }

  #table(schema: ObjectSchema): Map<string, Row> {
    return this.#tables.get(schema.name)!;
  }
}
