/** One state of a record. A deleted record is null. */
interface Version<Row> {
  at: number;
  row: Row | null;
}

export interface RecordTableOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Milliseconds after which the search index notices a change. */
  indexLagMs: number;
}

/**
 * The records of one kind in an account, in the order of their creation. It also keeps the older states that a lagging
 * search index still shows.
 */
export class RecordTable<Row extends object> {
  readonly #options: RecordTableOptions;
  /** Newest version last. Older versions are kept as long as the index may show them. */
  readonly #versions = new Map<string, Version<Row>[]>();

  constructor(options: RecordTableOptions) {
    this.#options = options;
  }

  /** Adds a record that searches find from the beginning. */
  seed(id: string, row: Row): void {
    this.#versions.set(id, [{ at: -Infinity, row }]);
  }

  /** Creates or changes a record. Null deletes it. */
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
