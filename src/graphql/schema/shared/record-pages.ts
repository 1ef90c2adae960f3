import type { EdgeName, ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../../operation/context.js";
import type { Loaded } from "../../operation/loaded.js";
import { RESOURCE_SERVICES, type ListArgs } from "../../operation/resource-service.js";
import type { CrmRecord } from "./record.js";
import type { PageValue } from "./page-types.js";
import { slicePage, type PageArgs } from "../../operation/read-page.js";

/** Reads a page of the records of one CRM connection. */
export async function listPage<Resource extends ResourceName, Type>(
  context: OperationContext,
  connection: ConnectionRecord,
  resource: Resource,
  args: ListArgs<Resource>,
  from: (loaded: Loaded<Resource>) => Type,
): Promise<PageValue<Type>> {
  const page = await RESOURCE_SERVICES[resource].list(context, connection, args, from);
  return { ...page, nodes: page.edges.map(({ node }) => node) };
}

/**
 * Reads a page of the records at the other end of an edge. Each record is loaded, and may fail, on its own, and only if it
 * is selected: otherwise the load would cost a call, and nobody would see it fail.
 */
export async function edgePage<Resource extends ResourceName, Type>(
  context: OperationContext,
  record: CrmRecord,
  edge: EdgeName,
  resource: Resource,
  args: PageArgs,
  from: (loaded: Loaded<Resource>) => Type,
): Promise<PageValue<Promise<Type | null>>> {
  const { ids, complete } = await record.linkedIds(edge);
  const page = slicePage(context.cursors, JSON.stringify([record.id, edge]), args, ids, complete);
  const service = RESOURCE_SERVICES[resource];
  const edges = page.edges.map(({ cursor, node }) => ({
    cursor,
    node: () => service.loadLinked(record.link, node, from),
  }));
  return {
    edges,
    nodes: () => edges.map(({ node }) => node()),
    pageInfo: page.pageInfo,
    completeness: page.completeness,
  };
}
