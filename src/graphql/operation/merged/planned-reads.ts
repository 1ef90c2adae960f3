import type { MergeStream, StreamRecord } from "./merge-stream.js";

/** The most rounds of reads for one page. All reads of a round are made at the same time. */
export const MAX_ROUNDS = 3;

/** The records that a small page may read of each connection on average. */
const LEAST_PER_CONNECTION = 5;

/** More records than expected are read, because records are never spread evenly. */
const SPARE_FACTOR = 1.2;
const SPARE_RECORDS = 3;
/** The last round reads what is left of the bound rather than to fall short. */
const LAST_FACTOR = 2;

/** The records of the first read of each connection: its even share, and one that shows where the CRM goes on. */
export function firstShare(size: number, connections: number): number {
  return Math.min(size, Math.ceil(size / Math.max(1, connections)) + 1);
}

/** The most records that a page reads: twice its size and one of each connection, or 5 of each connection of a small page. */
export function mostRecords(size: number, connections: number): number {
  return Math.max(2 * size + connections, LEAST_PER_CONNECTION * connections);
}

export interface PlannedRead<Item extends StreamRecord> {
  stream: MergeStream<Item>;
  records: number;
}

/** An open stream, with how close together its records are. */
interface Flow<Item extends StreamRecord> {
  stream: MergeStream<Item>;
  last: number;
  /** Records of each unit of rank. */
  density: number;
}

/**
 * Plans the reads after the first ones. The records that were read show how close together each CRM's records are. From
 * that, it estimates where the page will end, and asks each CRM for what it has up to there.
 * @param missing the number of records that the page still needs
 * @param most the most records that may be read
 */
export function furtherReads<Item extends StreamRecord>(
  streams: readonly MergeStream<Item>[],
  missing: number,
  most: number,
  isLastRound: boolean,
): PlannedRead<Item>[] {
  const flows = streams.filter(({ isOpen }) => isOpen).map(flowOf);
  const end = estimatedEnd(streams, flows, missing);
  const factor = isLastRound ? LAST_FACTOR : SPARE_FACTOR;
  const wanted = flows
    .filter(({ last, stream }) => last <= end || stream.isBlocked)
    .sort(byNeed)
    .map((flow) => {
      const expected = Math.ceil(expectedUpTo(flow, end) * factor) + SPARE_RECORDS;
      return { stream: flow.stream, records: Math.min(missing, expected) };
    });
  let rest = most;
  return wanted.flatMap(({ stream, records }) => {
    const allowed = Math.min(records, rest);
    rest -= allowed;
    return allowed > 0 ? [{ stream, records: allowed }] : [];
  });
}

function flowOf<Item extends StreamRecord>(stream: MergeStream<Item>): Flow<Item> {
  const ranks = stream.ranks.filter(Number.isFinite);
  if (ranks.length < 2) return { stream, last: stream.lastRank, density: stream.isBlocked ? Infinity : 0 };
  const span = ranks.at(-1)! - ranks[0]!;
  // Equal ranks: nothing says that others follow, so the page may consist of them.
  return { stream, last: stream.lastRank, density: span > 0 ? (ranks.length - 1) / span : Infinity };
}

/** The number of records that a stream is expected to have between its last one and the end. */
function expectedUpTo<Item extends StreamRecord>({ stream, last, density }: Flow<Item>, end: number): number {
  if (density === Infinity && stream.isBlocked) return Infinity;
  return last < end && density > 0 ? density * (end - last) : 0;
}

/** The rank up to which the known and the expected records fill the page. */
function estimatedEnd<Item extends StreamRecord>(
  streams: readonly MergeStream<Item>[],
  flows: readonly Flow<Item>[],
  missing: number,
): number {
  const known = streams.flatMap((stream) => stream.ranks.slice(stream.taken)).filter(Number.isFinite);
  const begins = flows.map(({ last }) => last).filter(Number.isFinite);
  if (begins.length === 0) return Infinity;
  const count = (end: number): number =>
    known.filter((rank) => rank <= end).length + flows.reduce((sum, flow) => sum + expectedUpTo(flow, end), 0);
  let [low, high] = [Math.min(...begins), Math.max(...begins, ...known)];
  if (count(high) < missing) {
    const density = flows.reduce((sum, flow) => sum + flow.density, 0);
    return density > 0 ? high + (missing - count(high)) / density : Infinity;
  }
  // Times are whole milliseconds.
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (count(middle) >= missing) high = middle;
    else low = middle;
  }
  return high;
}

/** Streams whose records end first, and of those the ones that hold up the others. */
function byNeed<Item extends StreamRecord>(one: Flow<Item>, other: Flow<Item>): number {
  if (one.last !== other.last) return one.last < other.last ? -1 : 1;
  return Number(other.stream.isBlocked) - Number(one.stream.isBlocked);
}
