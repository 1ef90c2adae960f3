import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import type { EdgeName, ResourceName } from "../../../providers/contract/model.js";
import type { OperationContext } from "../context.js";
import { failureOf, type Loaded } from "../loaded.js";
import type {
  MergedCompletenessValue,
  MergedPageOf,
  MissingConnectionValue,
  UnsupportedConnectionValue,
} from "../merged/merged-page.js";
import { rankOf, type MergeOrder } from "../merged/rank.js";
import { gravest } from "../merged/stream-failures.js";
import { pageSize } from "../page-size.js";
import type { PageArgs } from "../read-page.js";
import { RESOURCE_SERVICES } from "../resource-service.js";
import { byIds, compare } from "./member.js";
import type { PersonRecord } from "./person-record.js";

/** All records of one resource that belong to a person. */
export interface Gathered<Resource extends ResourceName> {
  records: readonly Loaded<Resource>[];
  completeness: MergedCompletenessValue;
}

/**
 * Reads the records that the contacts of a person link to, at all CRMs.
 * @throws CrmError INVALID_INPUT if they are more than `CRMESH_MAX_WINDOW`; the gravest error if no CRM answers
 */
export async function gatherLinked<Resource extends "lead" | "meeting">(
  context: OperationContext,
  contacts: readonly PersonRecord<"contact">[],
  edge: EdgeName<"contact">,
  resource: Resource,
): Promise<Gathered<Resource>> {
  const missing = new Map<string, MissingConnectionValue>();
  const unsupported = new Map<string, UnsupportedConnectionValue>();
  let isComplete = true;
  const linked = await Promise.all(
    contacts.map(async ({ loaded }) => {
      const { record: connection, provider } = loaded.link;
      if (!provider.resources[resource]) {
        unsupported.set(connection.id, { connection, reason: `${provider.name} does not support ${resource}s.` });
        return [];
      }
      const found = await orMissing(context, missing, loaded, () => linkedIds(loaded, edge));
      if (found && !found.complete) {
        isComplete = false;
        unsupported.set(connection.id, { connection, reason: "The CRM returns only the first linked records." });
      }
      return (found?.ids ?? []).map((id) => ({ id, loaded }));
    }),
  );
  const byId = new Map(linked.flat().map((one) => [`${one.loaded.link.record.id} ${one.id}`, one]));
  if (byId.size > context.maxWindow) throw tooMany(`${resource}s`, byId.size, context.maxWindow);
  const records = await Promise.all(
    [...byId.values()].map(({ id, loaded }) =>
      orMissing(context, missing, loaded, () =>
        RESOURCE_SERVICES[resource].loadLinked(loaded.link, id, (record) => record),
      ),
    ),
  );
  const connections = new Set(contacts.map(({ connectionId }) => connectionId));
  if (missing.size > 0 && missing.size === connections.size)
    throw gravest([...missing.values()].map(({ error }) => error));
  return {
    records: records.filter((record) => record !== null),
    completeness: {
      isComplete: isComplete && missing.size === 0,
      missing: [...missing.values()],
      unsupported: [...unsupported.values()],
    },
  };
}

/**
 * A page of records that are all read first, sorted by a time.
 * @param gather reads them
 * @param listing a text that is equal for equal lists. Cursors are bound to it
 * @throws CrmError INVALID_INPUT for a size or a cursor that is refused, before anything is read
 */
export async function gatheredPage<Resource extends ResourceName>(
  context: OperationContext,
  gather: () => Promise<Gathered<Resource>>,
  order: MergeOrder,
  listing: string,
  args: PageArgs,
): Promise<MergedPageOf<Resource>> {
  const size = pageSize(args.first);
  const after = args.after ? placeIn(context.cursors.decode(args.after, listing).page) : null;
  const { records, completeness } = await gather();
  const places = records
    .map((node) => ({
      rank: rankOf(node.record, order),
      connectionId: node.link.record.id,
      nativeId: node.record.nativeId,
      node,
    }))
    .sort(inOrder);
  const following = after ? places.filter((place) => inOrder(after, place) < 0) : places;
  const edges = following.slice(0, size).map(({ node, ...place }) => ({
    cursor: () => context.cursors.encode({ page: textOf(place), given: [] }, listing),
    late: false,
    node,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: size < following.length,
      hasPreviousPage: Boolean(args.after),
      startCursor: edges[0]?.cursor ?? (() => null),
      endCursor: edges.at(-1)?.cursor ?? (() => null),
    },
    completeness,
  };
}

interface Place {
  rank: number;
  connectionId: string;
  nativeId: string;
}

function inOrder(one: Place, other: Place): number {
  return compare(one.rank, other.rank) || byIds(one, other);
}

/** JSON has no Infinity: null stands for it. */
function textOf({ rank, connectionId, nativeId }: Place): string {
  return JSON.stringify([rank, connectionId, nativeId]);
}

function placeIn(text: string | null): Place | null {
  if (text === null) return null;
  const [rank, connectionId, nativeId] = JSON.parse(text) as [number | null, string, string];
  return { rank: rank ?? Infinity, connectionId, nativeId };
}

/** The native ids at the other end of an edge, from the record if it contains them. */
async function linkedIds(
  loaded: Loaded<"contact">,
  edge: EdgeName<"contact">,
): Promise<{ ids: readonly string[]; complete: boolean }> {
  const failure = failureOf(loaded, edge);
  if (failure) throw failure;
  const ids = loaded.record.links[edge];
  return ids ? { ids, complete: true } : loaded.link.loaders.edges("contact", edge).load(loaded.record.nativeId);
}

/** Runs a read. If its CRM fails, notes the connection as missing and returns null. */
async function orMissing<Result>(
  context: OperationContext,
  missing: Map<string, MissingConnectionValue>,
  { link }: Loaded,
  read: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const { record: connection, provider } = link;
    const located = error.with({ provider: provider.slug, connectionId: connection.id });
    if (!missing.has(connection.id)) {
      missing.set(connection.id, { connection, error: located });
      context.unshown.push(located);
    }
    return null;
  }
}

function tooMany(records: string, count: number, max: number): CrmError {
  return invalidInput({
    query:
      `This person has ${count} ${records}, and crmesh sorts at most ${max} (CRMESH_MAX_WINDOW). ` +
      `Read the ${records} of its contacts instead.`,
  });
}
