import type { Micros } from "./date-times.js";
import type { Row, Values } from "./data.js";

/**
 * The rows of one account, by model. A transaction that throws changes nothing except the next ids, as in PostgreSQL.
 */
export class Database {
  readonly name: string;
  readonly #tables = new Map<string, Map<number, Row>>();
  readonly #lastIds = new Map<string, number>();
  #undo: (() => void)[] = [];
  #instant: Micros = 0;

  constructor(name: string) {
    this.name = name;
  }

  rows(model: string): Row[] {
    return [...this.#table(model).values()];
  }

  get(model: string, id: number): Row | undefined {
    return this.#table(model).get(id);
  }

  insert(model: string, values: Values, id = (this.#lastIds.get(model) ?? 0) + 1): Row {
    const table = this.#table(model);
    const row: Row = { ...values, id };
    this.#lastIds.set(model, Math.max(id, this.#lastIds.get(model) ?? 0));
    table.set(id, row);
    this.#undo.push(() => table.delete(id));
    return row;
  }

  update(model: string, row: Row, changes: Values): Row {
    const table = this.#table(model);
    const before = table.get(row.id) ?? row;
    const after: Row = { ...before, ...changes, id: row.id };
    table.set(row.id, after);
    this.#undo.push(() => table.set(row.id, before));
    return after;
  }

  remove(model: string, id: number): void {
    const table = this.#table(model);
    const row = table.get(id);
    if (row === undefined) return;
    table.delete(id);
    this.#undo.push(() => table.set(id, row));
  }

  /**
   * Runs work as a transaction. All rows that it writes get the same time. No two transactions have the same time, and
   * no time is a whole second. So a client that compares times with the whole seconds that it has read fails in tests.
   */
  transaction<Result>(nowMs: number, work: (now: Micros) => Result): Result {
    this.#instant = Math.max(nowMs * 1000 + 251, this.#instant + 1);
    this.#undo = [];
    try {
      return work(this.#instant);
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      throw error;
    } finally {
      this.#undo = [];
    }
  }

  #table(model: string): Map<number, Row> {
    let table = this.#tables.get(model);
    if (table === undefined) this.#tables.set(model, (table = new Map<number, Row>()));
    return table;
  }
}
