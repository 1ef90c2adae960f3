import { byIds, compare, keyOfMember, type Member } from "./member.js";
import type { Rank } from "../merged/rank.js";

/** What a page of people knows of the listing that it walks. */
export interface WalkedPage<One extends Member> {
  /** The place of a record in the order of the listing. */
  rankOf(member: One): Rank;
  /** Whether the walk lists the record at all: its connection can be listed, and the record passes the filter. */
  isListed(member: One): boolean;
  /** Whether the connection answered this page. */
  answers(connectionId: string): boolean;
  /** Whether the walk took the record on an earlier page. */
  wasTaken(member: One): boolean;
  /** The index of a record of this page by its key; undefined for all others. */
  indexOf(key: string): number | undefined;
}

/**
 * Whether a person stands at this record of the page: at the first record of the group that the walk meets. No other record
 * may have been met before, and none that comes before it in the order may still be met before it.
 *
 * While all connections answer, this is the least record of the group in the order of the listing. A connection that does
 * not answer holds nobody up: its records come late, and then the person stood already.
 */
export function standsAt<One extends Member>(record: One, members: readonly One[], page: WalkedPage<One>): boolean {
  const key = keyOfMember(record);
  const own = page.indexOf(key)!;
  return members.every((member) => {
    const other = keyOfMember(member);
    if (other === key || !page.isListed(member)) return true;
    if (page.wasTaken(member)) return false;
    if (!isBefore(member, record, page)) return true;
    if (page.answers(member.connectionId)) return false;
    // The connection failed on this page. What it gave before that was met.
    const index = page.indexOf(other);
    return index === undefined || index > own;
  });
}

/** The total order of the listing. */
function isBefore<One extends Member>(one: One, other: One, page: Pick<WalkedPage<One>, "rankOf">): boolean {
  return (compare(page.rankOf(one), page.rankOf(other)) || byIds(one, other)) < 0;
}
