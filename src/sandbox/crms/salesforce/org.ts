import { isNarrow } from "../../kit/account-kinds.js";
import { IdMaker } from "./ids.js";
import { OBJECTS, objectOfId } from "./schema/index.js";
import type { ObjectSchema } from "./schema/object.js";

/** A stored value. Dates are `YYYY-MM-DD`, and date-times are milliseconds since the epoch. */
export type Value = string | number | boolean | null;

/**
 * One stored record, by field name. An absent field is null. Rows are never changed in place, so that a rollback can
 * restore them.
 */
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

/** One Salesforce org, the data of one sandbox account. */
export class Org {
  readonly name: string;
  readonly id: string;
  /** The user for whom API calls are made. */
  readonly userId: string;
  readonly ids: IdMaker;
  /**
   * Whether an event can have several people (`EventWhoIds`). Real orgs differ. Accounts whose name ends with
   * `-unshared` have it switched off.
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
    this.sharedActivities = !name.endsWith("-unshared") && !isNarrow(name);
  }

  /** The current time in whole seconds, as Salesforce stores it. */
  now(): number {
    return Math.floor(this.#now() / 1000) * 1000;
  }

  /** The identity URL at this origin, which contains the ids of the org and of the user of its API calls. */
  identityUrl(origin: string): string {
    return `${origin}/id/${this.id}/${this.userId}`;
  }

  /** All records of an object in the order of creation, including deleted records. */
  rows(schema: ObjectSchema): Iterable<Row> {
    return this.#table(schema).values();
  }

  /** The record of an 18-character id, deleted or not. */
  row(schema: ObjectSchema, id: string): Row | null {
    return this.#table(schema).get(id) ?? null;
  }

  /** Finds the record with an 18-character id, of any object. */
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

  /**
   * Runs work as a transaction, which is kept as a whole or not at all. An inner transaction becomes part of the outer
   * transaction.
   */
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
