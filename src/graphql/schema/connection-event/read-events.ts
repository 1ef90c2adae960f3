import type { OperationContext } from "../../operation/context.js";
import { pageSize } from "../../operation/page-size.js";
import type { PageArgs } from "../../operation/read-page.js";
import { ConnectionEvent, type ConnectionEventConnection } from "./connection-event.type.js";

/**
 * Reads one page of the events of an end user. A cursor contains the id of its event. The ids sort by time, so new events
 * do not shift the pages.
 */
export async function readEvents(
  context: OperationContext,
  endUserId: string,
  { connectionId = null, ...args }: PageArgs & { connectionId?: string | null },
): Promise<ConnectionEventConnection> {
  const { principal, cursors, connections } = context;
  const size = pageSize(args.first);
  const { workspaceId, environment } = principal;
  const listing = JSON.stringify(["connectionEvents", workspaceId, environment, endUserId, connectionId]);
  const before = args.after ? cursors.decode(args.after, listing).page : null;
  // One event more than the page size shows whether there is a next page.
  const found = await connections.events(principal, endUserId, { connectionId, before, limit: size + 1 });
  const nodes = found.slice(0, size).map((record) => new ConnectionEvent(record));
  const edges = nodes.map((node) => ({ cursor: () => cursors.encode({ page: node.id, given: [] }, listing), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: found.length > size,
      hasPreviousPage: before !== null,
      startCursor: edges[0]?.cursor ?? (() => null),
      endCursor: edges.at(-1)?.cursor ?? (() => null),
    },
  };
}
