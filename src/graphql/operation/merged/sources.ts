import { CrmError } from "../../../errors/crm-error.js";
import type { Page } from "../../../providers/contract/contract.js";
import type { OrderBy, ResourceFilters } from "../../../providers/contract/input.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import type { ConnectionRecord } from "../../../store/connections.js";
import type { OperationContext } from "../context.js";
import type { Loaded } from "../loaded.js";
import { withNativeIds } from "../native-ids.js";
import type { OpenConnection } from "../open-connection.js";
import { RESOURCE_SERVICES } from "../resource-service.js";
import { filterNames, type MergedListing } from "./merged-listing.js";
import { rankOf } from "./rank.js";
import type { MergeSource } from "./read-merged.js";
import { unsupportedReason } from "./stream-failures.js";
import { supportOf, withoutJudged } from "./support.js";
import { passes, readWindow, SortedWindow } from "./window.js";

/** A record in a merged page. */
export interface Listed<Resource extends ResourceName> {
  nativeId: string;
  record: Loaded<Resource>["record"];
  loaded: Loaded<Resource>;
}

/** The connections of a listing, sorted by whether they can be read. */
export interface Sources<Resource extends ResourceName> {
  readable: readonly MergeSource<Listed<Resource>>[];
  unsupported: readonly { connection: ConnectionRecord; error: CrmError }[];
  /** Connection id → why its CRM stops before the real end of the list. Filled while the sources are read. */
  caps: Map<string, string>;
}

export function sourcesOf<Resource extends ResourceName>(
  context: OperationContext,
  listing: MergedListing<Resource>,
): Sources<Resource> {
  const readable: MergeSource<Listed<Resource>>[] = [];
  const unsupported: { connection: ConnectionRecord; error: CrmError }[] = [];
  const caps = new Map<string, string>();
  for (const connection of listing.connections) {
    try {
      readable.push(sourceOf(context, listing, connection, caps));
    } catch (error) {
      if (!(error instanceof CrmError) || unsupportedReason(error) === null) throw error;
      unsupported.push({ connection, error });
    }
  }
  return { readable, unsupported, caps };
}

/** @throws CrmError UNSUPPORTED_RESOURCE or INVALID_INPUT if the CRM cannot list in this way */
function sourceOf<Resource extends ResourceName>(
  context: OperationContext,
  { resource, filter, order }: MergedListing<Resource>,
  connection: ConnectionRecord,
  caps: Map<string, string>,
): MergeSource<Listed<Resource>> {
  const provider = context.connections.registry.get(connection.provider);
  const support = supportOf(provider, resource, order.field, filterNames(filter));
  const { id: connectionId } = connection;
  const where = { provider: provider.slug, connectionId };
  if (support.way === "UNSUPPORTED") throw new CrmError("UNSUPPORTED_RESOURCE", { detail: support.reason, ...where });
  const native = withNativeIds(filter, connectionId, "filter");

  async function list(
    asked: ResourceFilters[Resource],
    orderBy: OrderBy<Resource> | null,
    cursor: string | null,
    limit: number,
  ): Promise<{ page: Page<Resource>; link: OpenConnection }> {
    const part = await RESOURCE_SERVICES[resource].part(context, connection, { filter: asked, orderBy, cursor, limit });
    if (part.page.omits !== undefined) caps.set(connectionId, part.page.omits);
    return part;
  }

  const listed = (link: OpenConnection) => (record: Loaded<Resource>["record"]) => ({
    nativeId: record.nativeId,
    record,
    loaded: { record, link },
  });

  if (support.way === "NATIVE") {
    return {
      connectionId,
      async read(cursor, limit) {
        const { page, link } = await list(native, order, cursor, limit);
        if (page.cap) caps.set(connectionId, page.cap.reason);
        return { records: page.records.map(listed(link)), next: page.next, after: page.after };
      },
    };
  }

  const { judged } = support;

  /** All records of the connection, in order. Every page needs them all. */
  async function wholeWindow(): Promise<SortedWindow<Listed<Resource>>> {
    const link = await context.open(connection);
    const what = `${provider.name}’s ${resource}s`;
    const read = async (cursor: string | null, limit: number) =>
      (await list(withoutJudged(native, judged), null, cursor, limit)).page;
    const records = await readWindow(read, context.maxWindow, what);
    const passing = records.filter((record) => passes(record, judged, native as Record<string, unknown>));
    return new SortedWindow(passing.map(listed(link)), ({ record }) => rankOf(record, order));
  }

  let sorted: Promise<SortedWindow<Listed<Resource>>> | undefined;
  return {
    connectionId,
    read: async (cursor, limit) => (await (sorted ??= wholeWindow())).page(cursor, limit),
  };
}
