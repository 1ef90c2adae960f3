/** One state of a record; null once it is deleted. */
interface Version<Row> {
  at: number;
  row: Row | null;
}

export interface RecordTableOptions {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds after which the search index notices a change. */
  indexLagMs: number;
}

/**
 * The records of one kind in an account, in the order in which they were made. Beside them it keeps what a search index
 * that lags behind still shows.
 */
export class RecordTable<Row extends object> {
  readonly #options: RecordTableOptions;
  /** Newest version last; older ones only as long as the index may still show them. */
  readonly #versions = new Map<string, Version<Row>[]>();

  constructor(options: RecordTableOptions) {
    this.#options = options;
  }

  /** Adds what was there before anybody looked, so that the index knows it. */
  seed(id: string, row: Row): void {
    this.#versions.set(id, [{ at: -Infinity, row }]);
  }

  /** Makes or changes a record; null deletes it. */
  set(id: string, row: Row | null): void {
    const now = this.#options.now();
    const versions = this.#versions.get(id) ?? [{ at: -Infinity, row: null }];
    const shown = versions.findLastIndex(({ at }) => at + this.#options.indexLagMs <= now);
    this.#versions.set(id, [...versions.slice(Math.max(0, shown)), { at: now, row }]);
  }

  get(id: string): Row | null {
    return this.#versions.get(id)?.at(-1)?.row ?? null;
  }

  all(): Row[] {
    return present([...this.#versions.values()].map((versions) => versions.at(-1)));
  }

  /** The records as searches see them. */
  indexed(): Row[] {
    const seen = this.#options.now() - this.#options.indexLagMs;
    return present([...this.#versions.values()].map((versions) => versions.findLast(({ at }) => at <= seen)));
  }
}

function present<Row>(versions: readonly (Version<Row> | undefined)[]): Row[] {
  return versions.flatMap((version) => version?.row ?? []);
}
