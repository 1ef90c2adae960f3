import { LRUCache } from "lru-cache";
import type { StoreChanges } from "../../store/changes.js";

/** Milliseconds until this process sees a change that was not announced to it. */
export const LOOKUP_TTL_MS = 5_000;
/** Milliseconds after which a row is read again in the background, while it is used. */
const RENEW_AFTER_MS = LOOKUP_TTL_MS / 2;
/** Milliseconds after which a row is read again in the background although its changes are announced. */
const RENEW_ANNOUNCED_AFTER_MS = 60_000;
/** Milliseconds between two attempts to read a row again. */
const RENEW_PAUSE_MS = 1_000;
const MAX_ROWS = 10_000;

export interface KnownRowsOptions<Row> {
  changes: StoreChanges;
  monotonic: () => number;
  /** The name by which rows are looked up, besides their id. It never changes. */
  nameOf: (row: Row) => string;
  /** Reads a row again. Null if it may not be used any more. */
  reread: (row: Row) => Promise<Row | null>;
  onBackgroundError: (error: unknown) => void;
}

interface Known<Row> {
  row: Row;
  /** When its read began. */
  readAt: number;
  renewAt: number;
}

/**
 * The rows that a process remembers. A row is forgotten as soon as a change of it is announced. If announcements do not
 * arrive, it is known for LOOKUP_TTL_MS after it was read, and read again in the background from half of that time on.
 */
export class KnownRows<Row extends { id: string }> {
  readonly #options: KnownRowsOptions<Row>;
  readonly #rows = new LRUCache<string, Known<Row>>({ max: MAX_ROWS });
  readonly #ids = new LRUCache<string, string>({ max: MAX_ROWS });
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Grows with every change, so that a read that began before it is neither remembered nor shared with later callers. */
  #changes = 0;

  constructor(options: KnownRowsOptions<Row>) {
    this.#options = options;
  }

  byId(id: string): Row | undefined {
    const known = this.#rows.get(id);
    if (known === undefined) return undefined;
    const now = this.#options.monotonic();
    const heardUntil = this.#options.changes.heardUntil(known.readAt);
    if (now - heardUntil >= LOOKUP_TTL_MS) {
      this.#rows.delete(id);
      return undefined;
    }
    const isOld = now - known.readAt >= RENEW_ANNOUNCED_AFTER_MS && heardUntil !== Infinity;
    if ((isOld || now - heardUntil >= RENEW_AFTER_MS) && now >= known.renewAt) this.#renew(known, now);
    return known.row;
  }

  byName(name: string): Row | undefined {
    const id = this.#ids.get(name);
    return id === undefined ? undefined : this.byId(id);
  }

  /**
   * Reads rows and remembers them. Callers who ask for the same `what` at the same time share one read.
   * @param rowsOf selects the rows that may be remembered
   */
  read<Result>(what: string, read: () => Promise<Result>, rowsOf: (result: Result) => readonly Row[]): Promise<Result> {
    const key = `${this.#changes} ${what}`;
    const running = this.#reads.get(key) as Promise<Result> | undefined;
    if (running) return running;
    const reading = this.readAlone(read, rowsOf).finally(() => this.#reads.delete(key));
    this.#reads.set(key, reading);
    return reading;
  }

  /** Like `read`, for reads that are not shared, and for writes that return their rows. */
  async readAlone<Result>(read: () => Promise<Result>, rowsOf: (result: Result) => readonly Row[]): Promise<Result> {
    const changes = this.#changes;
    const readAt = this.#options.monotonic();
    const result = await read();
    if (changes === this.#changes) for (const row of rowsOf(result)) this.#put(row, readAt);
    return result;
  }

  /** Changes what is remembered of a row, if it is. */
  amend(id: string, change: Partial<Row>): void {
    const known = this.#rows.peek(id);
    if (known) known.row = { ...known.row, ...change };
  }

  /** Forgets a row that has changed. */
  forget(id: string): void {
    this.#changes += 1;
    this.#rows.delete(id);
  }

  #put(row: Row, readAt: number): void {
    this.#rows.set(row.id, { row, readAt, renewAt: -Infinity });
    this.#ids.set(this.#options.nameOf(row), row.id);
  }

  #renew(known: Known<Row>, now: number): void {
    known.renewAt = now + RENEW_PAUSE_MS;
    const { reread, onBackgroundError } = this.#options;
    const { id } = known.row;
    this.readAlone(
      () => reread(known.row),
      (row) => (row ? [row] : []),
    )
      .then((row) => {
        if (row === null) this.forget(id);
      })
      .catch(onBackgroundError);
  }
}
