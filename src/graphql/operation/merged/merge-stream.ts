import { MAX_PAGE_SIZE } from "../page-size.js";
import { GIVEN_MAX, sortOut } from "../given-records.js";
import { markOf, type Position } from "../cursor.js";
import type { Rank } from "./rank.js";

/** A record of one CRM, as the merge needs it. */
export interface StreamRecord {
  nativeId: string;
}

/** A part of the listing of one CRM. */
export interface StreamPage<Item extends StreamRecord> {
  records: readonly Item[];
  next: string | null;
  /** See `Page.after`. */
  after?: ((nativeId: string) => string | null) | undefined;
}

/** How far the listing of one CRM was taken. */
export interface StreamState {
  /** Null at the end of the listing. */
  position: Position | null;
  /** The rank of the last record that was taken. */
  rank: Rank;
}

/**
 * With as many marks, the marked records are read by themselves first: the CRM's cursor behind them replaces the marks, which
 * would otherwise grow from page to page.
 */
const MANY_GIVEN = 20;

/** The most records of a read that begins with marked records, and brings this number of new ones. */
export function limitOfRead(given: number, wanted: number): number {
  return Math.min(given >= MANY_GIVEN ? given : given + wanted, MAX_PAGE_SIZE);
}

interface ReadPart<Item extends StreamRecord> {
  start: Position;
  page: StreamPage<Item>;
  /** The records that the caller does not have yet. */
  fresh: readonly Item[];
  /** Marks that the CRM's next page must still leave out. */
  passed: readonly string[];
}

/** A record that was read, in the CRM's order. */
interface Buffered<Item extends StreamRecord> {
  item: Item;
  /** At least that of the record before: the merge takes the records of one CRM as they come. */
  rank: Rank;
  /** The rank by the record's own time. */
  ownRank: Rank;
}

/** The listing of one connection while a page is merged: what was read of it, and how much of that was taken. */
export class MergeStream<Item extends StreamRecord> {
  readonly id: string;
  readonly #buffer: Buffered<Item>[] = [];
  readonly #parts: ReadPart<Item>[] = [];
  readonly #startRank: Rank;
  readonly #rankOf: (item: Item) => Rank;
  /** Where the next read goes on. Null at the end. */
  #readAt: Position | null;
  taken = 0;
  /** Why nothing more can be read. The records that were read before remain. */
  failure: Error | null = null;

  constructor(id: string, { position, rank }: StreamState, rankOf: (item: Item) => Rank) {
    this.id = id;
    this.#readAt = position;
    this.#startRank = rank;
    this.#rankOf = rankOf;
  }

  /** Whether the listing goes on behind what was read. */
  get isOpen(): boolean {
    return this.#readAt !== null && this.failure === null;
  }

  /** Whether the next record is not known, so that no record of another stream can be taken before it is. */
  get isBlocked(): boolean {
    return this.isOpen && this.left === 0;
  }

  /** The number of records that were read and not taken. */
  get left(): number {
    return this.#buffer.length - this.taken;
  }

  /** The number of records that were read. */
  get read(): number {
    return this.#buffer.length;
  }

  get head(): Buffered<Item> | undefined {
    return this.#buffer[this.taken];
  }

  /** The ranks of all records that were read. */
  get ranks(): readonly Rank[] {
    return this.#buffer.map(({ rank }) => rank);
  }

  /** The rank that the next record has at least. */
  get lastRank(): Rank {
    return this.#buffer.at(-1)?.rank ?? this.#startRank;
  }

  /** The next read, for this number of new records. Null if the listing is at its end. */
  next(wanted: number): { cursor: string | null; limit: number } | null {
    if (this.#readAt === null) return null;
    const { page, given } = this.#readAt;
    return { cursor: page, limit: limitOfRead(given.length, wanted) };
  }

  add(page: StreamPage<Item>): void {
    const start = this.#readAt!;
    const { fresh, passed } = sortOut(page.records, start.given);
    this.#parts.push({ start, page, fresh, passed });
    this.#readAt = page.next === null ? null : { page: page.next, given: passed };
    let last = this.lastRank;
    for (const [index, item] of fresh.entries()) {
      last = Math.max(last, this.#rankAt(fresh, index, last));
      this.#buffer.push({ item, rank: last, ownRank: this.#rankOf(item) });
    }
  }

  /** A record without the time comes last, unless this CRM lists such records first: then it stays where it is. */
  #rankAt(fresh: readonly Item[], index: number, before: Rank): Rank {
    const rank = this.#rankOf(fresh[index]!);
    if (rank !== Infinity) return rank;
    return fresh.slice(index + 1).some((later) => this.#rankOf(later) !== Infinity) ? before : rank;
  }

  /** How far the listing is taken after this number of its records. */
  stateAfter(count: number): StreamState {
    const rank = count === 0 ? this.#startRank : this.#buffer[count - 1]!.rank;
    let rest = count;
    for (const part of this.#parts) {
      if (rest < part.fresh.length) return { position: positionIn(part, rest), rank };
      rest -= part.fresh.length;
    }
    return { position: this.#readAt, rank };
  }
}

/** The position within a part, after this number of its new records: behind the last that the CRM can go on from. */
function positionIn<Item extends StreamRecord>(
  { start, page, fresh, passed }: ReadPart<Item>,
  count: number,
): Position {
  for (let known = count; known > 0; known -= 1) {
    const id = fresh[known - 1]!.nativeId;
    const exact = page.after?.(id) ?? null;
    if (exact === null) continue;
    const behind = page.records.slice(page.records.findIndex(({ nativeId }) => nativeId === id) + 1);
    const marks = new Set(behind.map(({ nativeId }) => markOf(nativeId)));
    const given = start.given.filter((mark) => marks.has(mark));
    return { page: exact, given: [...passed, ...given, ...marksOf(fresh.slice(known, count))].slice(-GIVEN_MAX) };
  }
  return { page: start.page, given: [...start.given, ...marksOf(fresh.slice(0, count))].slice(-GIVEN_MAX) };
}

function marksOf(records: readonly StreamRecord[]): string[] {
  return records.map(({ nativeId }) => markOf(nativeId));
}
