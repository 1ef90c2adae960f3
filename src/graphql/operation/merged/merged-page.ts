import { CrmError } from "../../../errors/crm-error.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../context.js";
import { assertDateRanges } from "../date-ranges.js";
import type { Loaded } from "../loaded.js";
import { withoutNulls } from "../native-ids.js";
import { pageSize } from "../page-size.js";
import { pageKey, type LazyCursor, type PageInfoValue } from "../read-page.js";
import { decodeMerged, encodeMerged, START, type StreamStates } from "./merged-cursor.js";
import { mergedListing, type MergedArgs, type MergedListing } from "./merged-listing.js";
import type { MergeStream } from "./merge-stream.js";
import { rankOf } from "./rank.js";
import { readMerged, type MergedRead } from "./read-merged.js";
import { sourcesOf, type Listed, type Sources } from "./sources.js";
import { gravest, unsupportedReason } from "./stream-failures.js";

export interface MissingConnectionValue {
  connection: ConnectionRecord;
  error: CrmError;
}

export interface UnsupportedConnectionValue {
  connection: ConnectionRecord;
  reason: string;
}

export interface MergedCompletenessValue {
  isComplete: boolean;
  missing: readonly MissingConnectionValue[];
  unsupported: readonly UnsupportedConnectionValue[];
}

export interface MergedPageOf<Resource extends ResourceName> {
  edges: { cursor: LazyCursor; late: boolean; node: Loaded<Resource> }[];
  pageInfo: PageInfoValue;
  completeness: MergedCompletenessValue;
}

/** How far a page takes the listings of the connections, for lists that are made of the page. */
export interface MergedWalk {
  /** How far earlier pages have taken each listing. */
  start: StreamStates;
  /** How far the listings are taken after this number of the page's records. */
  statesAfter: (count: number) => StreamStates;
  cursorAfter: (count: number) => string;
  /** The connections that can be listed, those that failed on this page included. */
  listed: ReadonlySet<string>;
}

export interface WalkedMergedPage<Resource extends ResourceName> extends MergedPageOf<Resource> {
  walk: MergedWalk;
}

/**
 * Reads one page over all connections of an end user.
 * @param endUserId the end user (`eu_…`); null for one whom crmesh does not know
 * @throws CrmError INVALID_INPUT for a cursor of another listing; if no connection answers, the gravest of their errors
 */
export async function mergedPage<Resource extends ResourceName>(
  context: OperationContext,
  endUserId: string | null,
  resource: Resource,
  args: MergedArgs<Resource>,
): Promise<WalkedMergedPage<Resource>> {
  pageSize(args.first);
  assertDateRanges(withoutNulls(args.filter ?? {}));
  const listing = await mergedListing(context, endUserId, resource, args);
  return context.shared(pageKey(listing.key, args), () => readPage(context, listing, args));
}

async function readPage<Resource extends ResourceName>(
  context: OperationContext,
  listing: MergedListing<Resource>,
  args: MergedArgs<Resource>,
): Promise<WalkedMergedPage<Resource>> {
  const ids = listing.connections.map(({ id }) => id);
  const states = args.after
    ? decodeMerged(context.cursors, args.after, ids, listing.key)
    : new Map(ids.map((id) => [id, START]));
  const sources = sourcesOf(context, listing);
  const read = await readMerged(sources.readable, states, pageSize(args.first), ({ record }) =>
    rankOf(record, listing.order),
  );
  const completeness = completenessOf(context, listing, sources, read);
  return { ...pageOf(context, listing, states, read, Boolean(args.after)), completeness };
}

/** @throws CrmError the gravest error if no connection answers */
function completenessOf<Resource extends ResourceName>(
  context: OperationContext,
  { connections }: MergedListing<Resource>,
  sources: Sources<Resource>,
  { streams }: MergedRead<Listed<Resource>>,
): MergedCompletenessValue {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const missing: MissingConnectionValue[] = [];
  const unsupported: UnsupportedConnectionValue[] = sources.unsupported.map(({ connection, error }) => ({
    connection,
    reason: unsupportedReason(error)!,
  }));
  const errors: CrmError[] = sources.unsupported.map(({ error }) => error);
  for (const { id, failure } of streams) {
    if (!failure) continue;
    const connection = byId.get(id)!;
    const reason = unsupportedReason(failure);
    const error = failure instanceof CrmError ? failure : new CrmError("UNSUPPORTED_RESOURCE", { detail: reason! });
    errors.push(error.with({ provider: connection.provider, connectionId: id }));
    if (reason !== null) unsupported.push({ connection, reason });
    else missing.push({ connection, error });
  }
  const answers = streams.filter(({ failure }) => failure === null).length;
  if (answers === 0 && errors.length > 0) throw gravest(errors);
  // Nobody sees these errors among those of the answer, where they would be logged.
  context.unshown.push(...missing.map(({ error }) => error));
  const capped = [...sources.caps].map(([id, reason]) => ({ connection: byId.get(id)!, reason }));
  return {
    isComplete: missing.length === 0 && capped.length === 0,
    missing,
    unsupported: [...unsupported, ...capped],
  };
}

function pageOf<Resource extends ResourceName>(
  context: OperationContext,
  { key }: MergedListing<Resource>,
  states: StreamStates,
  { records, streams }: MergedRead<Listed<Resource>>,
  hasPreviousPage: boolean,
): Pick<WalkedMergedPage<Resource>, "edges" | "pageInfo" | "walk"> {
  const statesAfter = (count: number): StreamStates => {
    const taken = new Map<MergeStream<Listed<Resource>>, number>();
    for (const { stream } of records.slice(0, count)) taken.set(stream, (taken.get(stream) ?? 0) + 1);
    const read = streams.map((stream) => [stream.id, stream.stateAfter(taken.get(stream) ?? 0)] as const);
    return new Map([...states, ...read]);
  };
  /** The cursor behind this number of the page's records. */
  const cursorBehind = (count: number): string => encodeMerged(context.cursors, statesAfter(count), key);
  const edges = records.map(({ item, late }, index) => ({
    cursor: () => cursorBehind(index + 1),
    late,
    node: item.loaded,
  }));
  const answering = streams.filter(({ failure }) => failure === null);
  const isOver = streams.every(({ failure, isOpen, left }) => failure === null && !isOpen && left === 0);
  const listed = streams.filter(({ failure }) => failure === null || unsupportedReason(failure) === null);
  return {
    edges,
    walk: {
      start: states,
      statesAfter,
      cursorAfter: cursorBehind,
      listed: new Set(listed.map(({ id }) => id)),
    },
    pageInfo: {
      hasNextPage: answering.some(({ isOpen, left }) => isOpen || left > 0),
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? (() => null),
      endCursor: () => (edges.length === 0 && isOver ? null : cursorBehind(records.length)),
    },
  };
}
