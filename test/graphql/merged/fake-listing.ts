import { CrmError } from "../../../src/errors/crm-error.js";
import type { StreamPage } from "../../../src/graphql/operation/merged/merge-stream.js";
import type { MergeSource } from "../../../src/graphql/operation/merged/read-merged.js";

export interface Row {
  nativeId: string;
  /** Null: the record has no time. */
  time: number | null;
}

/** How the cursors of a CRM work. */
export interface Manners {
  /** Behind which records it can go on: all, those at the end of a time, or only behind whole pages. */
  after: "ALL" | "TIMES" | "NONE";
  /** The most records of one answer. */
  largest?: number;
  /** It answers an empty page before every other one, although there are more. */
  gaps?: boolean;
  /** Records without a time come first there. */
  emptyFirst?: boolean;
  /** Newest records first. */
  descending?: boolean;
}

/** The ordered listing of an imagined CRM. Its cursors hold the last record, so they are right whatever comes and goes. */
export class FakeListing {
  readonly connectionId: string;
  readonly reads: { cursor: string | null; limit: number }[] = [];
  failing = false;
  /** Records that the index of the CRM does not show yet. */
  readonly hidden = new Set<string>();
  #rows: Row[];
  readonly #manners: Manners;

  constructor(connectionId: string, rows: readonly Row[], manners: Manners = { after: "ALL" }) {
    this.connectionId = connectionId;
    this.#rows = [...rows];
    this.#manners = manners;
  }

  get rows(): readonly Row[] {
    return [...this.#rows].sort((one, other) => this.#order(one, other));
  }

  add(row: Row): void {
    this.#rows.push(row);
  }

  remove(nativeId: string): void {
    this.#rows = this.#rows.filter((row) => row.nativeId !== nativeId);
  }

  get source(): MergeSource<Row> {
    return { connectionId: this.connectionId, read: async (cursor, limit) => this.#read(cursor, limit) };
  }

  #read(cursor: string | null, limit: number): StreamPage<Row> {
    if (limit < 1 || limit > 100) throw new Error(`The limit is ${limit}.`);
    this.reads.push({ cursor, limit });
    if (this.failing) throw new CrmError("PROVIDER_UNAVAILABLE", { retryAfter: 3 });
    const { last, gap } = (cursor === null ? { gap: false } : JSON.parse(cursor)) as { last?: Row; gap: boolean };
    const rest = this.rows.filter(
      (row) => !this.hidden.has(row.nativeId) && (last === undefined || this.#order(last, row) < 0),
    );
    const goOn = (row: Row | undefined, isGap = false) => JSON.stringify({ last: row, gap: isGap });
    if (this.#manners.gaps && !gap && rest.length > 0) return { records: [], next: goOn(last, true) };
    const records = rest.slice(0, Math.min(limit, this.#manners.largest ?? limit));
    const { after } = this.#manners;
    return {
      records,
      next: records.length < rest.length ? goOn(records.at(-1)) : null,
      ...(after !== "NONE" && {
        after: (id) => {
          const index = records.findIndex(({ nativeId }) => nativeId === id);
          const isEnd = after === "ALL" || rest[index]!.time !== rest[index + 1]?.time;
          return isEnd ? goOn(records[index]) : null;
        },
      }),
    };
  }

  #order(one: Row, other: Row): number {
    const { emptyFirst = false, descending = false } = this.#manners;
    const key = ({ time }: Row) => (time === null ? (emptyFirst ? -Infinity : Infinity) : descending ? -time : time);
    const [first, second] = [key(one), key(other)];
    if (first !== second) return first < second ? -1 : 1;
    return one.nativeId < other.nativeId ? -1 : one.nativeId > other.nativeId ? 1 : 0;
  }
}
