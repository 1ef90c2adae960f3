import { markOf } from "../cursor.js";
import type { StreamStates } from "../merged/merged-cursor.js";
import { BEFORE_ALL, type Rank } from "../merged/rank.js";
import { keyOfMember, type Member } from "./member.js";
import type { WalkedPage } from "./standing.js";

/**
 * The marks (`markOf`) of the records that were taken last of each connection: those of the rank at which its listing
 * goes on. The rank alone does not say which records of that rank were taken.
 */
export type LastTaken = ReadonlyMap<string, readonly string[]>;

/** The most marks of one connection. Beyond them, a person may come twice after a failure. */
const LAST_MAX = 10;

/** A record of the page, in the order in which the walk takes it. */
export interface Entry<One> {
  member: One;
  /** The rank by the record's own time. */
  rank: Rank;
}

export interface WalkedPageOptions<One extends Member> {
  entries: readonly Entry<One>[];
  /** How far earlier pages have taken each listing. */
  start: StreamStates;
  last: LastTaken;
  rankOf: (member: One) => Rank;
  /** Whether a record passes the filter of the listing. */
  passes: (member: One) => boolean;
  /** The connections that can be listed. */
  listed: ReadonlySet<string>;
  /** Those of them that did not answer this page. */
  missing: ReadonlySet<string>;
}

export function walkedPage<One extends Member>(options: WalkedPageOptions<One>): WalkedPage<One> {
  const { entries, start, last, rankOf, passes, listed, missing } = options;
  const indices = new Map(entries.map(({ member }, index) => [keyOfMember(member), index]));
  return {
    rankOf,
    isListed: (member) => listed.has(member.connectionId) && passes(member),
    answers: (connectionId) => listed.has(connectionId) && !missing.has(connectionId),
    indexOf: (key) => indices.get(key),
    wasTaken(member) {
      const state = start.get(member.connectionId);
      if (!state || state.rank === BEFORE_ALL || indices.has(keyOfMember(member))) return false;
      return rankOf(member) < state.rank || (last.get(member.connectionId) ?? []).includes(markOf(member.nativeId));
    },
  };
}

/**
 * What was taken last after some records of a page.
 * @param before what was taken last before the page
 * @param after how far the listings are taken after the records
 */
export function lastTaken(
  before: LastTaken,
  start: StreamStates,
  after: StreamStates,
  taken: readonly Entry<Pick<Member, "connectionId" | "nativeId">>[],
): LastTaken {
  const own = Map.groupBy(taken, ({ member }) => member.connectionId);
  const last = new Map<string, readonly string[]>();
  for (const [id, { rank }] of after) {
    const marks = (own.get(id) ?? []).flatMap((entry) => (entry.rank >= rank ? markOf(entry.member.nativeId) : []));
    const kept = start.get(id)?.rank === rank ? (before.get(id) ?? []) : [];
    const all = [...kept, ...marks].slice(-LAST_MAX);
    if (all.length > 0) last.set(id, all);
  }
  return last;
}
