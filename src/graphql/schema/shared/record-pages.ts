import type { EdgeName, ResourceName } from "../../../providers/contract/model.js";
import type { OperationContext } from "../../operation/context.js";
import type { Loaded, ResourceService } from "../../operation/resource-service.js";
import { requireScope, type Scope } from "../../../connections/access/principal.js";
import type { CrmRecord } from "./record.js";
import type { PageValue } from "./page-types.js";
import { slicePage, type PageArgs, type PageOf } from "../../operation/read-page.js";

/** A page of records as its GraphQL type wants it. */
export function pageValue<Resource extends ResourceName, Type>(
  page: PageOf<Loaded<Resource>>,
  from: (loaded: Loaded<Resource>) => Type,
): PageValue<Type> {
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: from(node) }));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: page.pageInfo, completeness: page.completeness };
}

/**
 * A page of the records at the other end of an edge. Each is loaded, and may fail, on its own, and only where it is selected:
 * a load that nobody asked for costs a call, and nobody would see it fail.
 */
export async function edgePage<Resource extends ResourceName, Type>(
  context: OperationContext,
  record: CrmRecord,
  edge: EdgeName,
  service: ResourceService<Resource>,
  resource: Resource,
  args: PageArgs,
  from: (loaded: Loaded<Resource>) => Type,
): Promise<PageValue<Promise<Type>>> {
  requireScope(context.principal, `${resource}s:read` as Scope);
  const { ids, complete } = await record.linkedIds(edge);
  const page = slicePage(context.cursors, JSON.stringify([record.id, edge]), args, ids, complete);
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: () => service.loadAs(record.link, node, from) }));
  return {
    edges,
    nodes: () => edges.map(({ node }) => node()),
    pageInfo: page.pageInfo,
    completeness: page.completeness,
  };
}
