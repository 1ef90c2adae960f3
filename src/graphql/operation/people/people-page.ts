import type { ContactFilter } from "../../../providers/contract/input.js";
import type { EndUserRecord } from "../../../store/end-users.js";
import type { OperationContext } from "../context.js";
import { filterNames, mergedListing, type MergedListing } from "../merged/merged-listing.js";
import { mergedPage, type MergedCompletenessValue, type WalkedMergedPage } from "../merged/merged-page.js";
import { rankOf, type MergeOrder } from "../merged/rank.js";
import { TIME_FILTERS } from "../merged/support.js";
import { passes } from "../merged/window.js";
import type { LazyCursor, PageArgs, PageInfoValue } from "../read-page.js";
import { keyOfMember } from "./member.js";
import { decodePeople, encodePeople, type PeoplePosition } from "./people-cursor.js";
import { PersonFinder, type PersonValue } from "./person-finder.js";
import { personRecord, type PersonRecord } from "./person-record.js";
import { standsAt } from "./standing.js";
import { lastTaken, walkedPage, type LastTaken } from "./walked-page.js";

/** Only filters that can be judged from a record: a person is listed at the first of its records that pass. */
export type PeopleFilter = Pick<ContactFilter, "createdSince" | "createdUntil" | "updatedSince" | "updatedUntil">;

export interface PeopleArgs extends PageArgs {
  filter?: PeopleFilter | null;
  orderBy?: MergeOrder | null;
}

export interface PeoplePageValue {
  edges: { cursor: LazyCursor; late: boolean; node: PersonValue }[];
  pageInfo: PageInfoValue;
  completeness: MergedCompletenessValue;
}

/** The connections whose contacts people are made of, with everything that makes the walk. */
export function peopleListing(
  context: OperationContext,
  endUserId: string | null,
  { filter = null, orderBy = null }: Pick<PeopleArgs, "filter" | "orderBy">,
): Promise<MergedListing<"contact">> {
  return mergedListing(context, endUserId, "contact", { filter, orderBy });
}

/**
 * Reads one page of the people of an end user: a page of its contacts, of which each that a person stands at becomes this
 * person. So the page has at most as many people as contacts were read.
 * @param endUser null for one whom crmesh does not know
 * @throws CrmError as `mergedPage` does
 */
export async function peoplePage(
  context: OperationContext,
  endUser: EndUserRecord | null,
  args: PeopleArgs,
): Promise<PeoplePageValue> {
  const endUserId = endUser?.id ?? null;
  const listing = await peopleListing(context, endUserId, args);
  const ids = listing.connections.map(({ id }) => id);
  const position = args.after ? decodePeople(context.cursors, args.after, ids, listing.key) : null;
  const page = await mergedPage(context, endUserId, "contact", { ...args, after: position?.merged ?? null });
  const cursorAt = cursorsOf(context, listing, position, page);
  const people = endUser ? await peopleOf(context, endUser, listing, position, page) : [];
  const edges = people.map(({ index, late, node }) => ({ cursor: () => cursorAt(index + 1), late, node }));
  return {
    edges,
    pageInfo: {
      ...page.pageInfo,
      startCursor: edges[0]?.cursor ?? (() => null),
      endCursor: () => (page.pageInfo.endCursor() === null ? null : cursorAt(page.edges.length)),
    },
    completeness: page.completeness,
  };
}

async function peopleOf(
  context: OperationContext,
  endUser: EndUserRecord,
  { order, filter }: MergedListing<"contact">,
  position: PeoplePosition | null,
  { edges, walk, completeness }: WalkedMergedPage<"contact">,
): Promise<{ index: number; late: boolean; node: PersonValue }[]> {
  const finder = await PersonFinder.of(context, endUser);
  for (const { connection, error } of completeness.missing) finder.exclude(connection.id, error);
  const members = edges.map(({ node }) => personRecord("contact", node));
  await finder.explore(members);
  const judged = TIME_FILTERS.filter(({ name }) => filterNames(filter).includes(name));
  const walked = walkedPage<PersonRecord<"contact">>({
    entries: members.map((member) => ({ member, rank: rankOf(member.loaded.record, order) })),
    start: walk.start,
    last: position?.last ?? new Map<string, readonly string[]>(),
    rankOf: ({ loaded }) => rankOf(loaded.record, order),
    passes: ({ loaded }) => passes(loaded.record, judged, filter),
    listed: walk.listed,
    missing: new Set(completeness.missing.map(({ connection }) => connection.id)),
  });
  const groups = new Map<string, ReturnType<PersonFinder["groupOf"]>>();
  return members.flatMap((member, index) => {
    const key = keyOfMember(member);
    const group = groups.get(key) ?? finder.groupOf(member);
    if (group.isClosed) for (const one of group.members) groups.set(keyOfMember(one), group);
    if (group.isClosed && !standsAt(member, group.members, walked)) return [];
    return [{ index, late: edges[index]!.late, node: finder.ofMember(member) }];
  });
}

/** Returns the function that makes the cursor behind a number of the page's contacts. */
function cursorsOf(
  context: OperationContext,
  { key, order }: MergedListing<"contact">,
  position: PeoplePosition | null,
  { edges, walk }: WalkedMergedPage<"contact">,
): (count: number) => string {
  const before: LastTaken = position?.last ?? new Map<string, readonly string[]>();
  return (count) => {
    const taken = edges.slice(0, count).map(({ node: { record, link } }) => ({
      member: { connectionId: link.record.id, nativeId: record.nativeId },
      rank: rankOf(record, order),
    }));
    const last = lastTaken(before, walk.start, walk.statesAfter(count), taken);
    return encodePeople(context.cursors, { merged: walk.cursorAfter(count), last }, key);
  };
}
