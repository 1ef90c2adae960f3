import { CrmError } from "../../../errors/crm-error.js";
import { absentIfNotFound, allPages } from "../../kit/adapter-kit.js";
import { membersOf } from "../../kit/classifier.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { NativePage, Reading, ResourceCalls } from "../../kit/resource-kit.js";
import { allOf, idIn, type Condition } from "./query.js";
import { flat, isUuid, nested, readText, RECORDS_MAX } from "./dialect.js";
import { orderedPage, type PageQuery } from "./paging.js";

/** One page of an object's records. Source: twentyhq/twenty, docs, "APIs"; recorded from a server of May 2025. */
export async function recordPage(
  context: ProviderContext,
  plural: string,
  { filters = [], limit = RECORDS_MAX, depth = 0, order, cursor }: PageQuery,
): Promise<NativePage> {
  const filter = filters.length > 0 ? allOf(filters) : undefined;
  const query = { depth, limit: Math.min(limit, RECORDS_MAX), filter, order_by: order };
  const paged = { ...query, starting_after: cursor ?? undefined };
  const { body } = await context.send({ method: "GET", path: `/rest/${plural}`, query: paged, safe: true });
  const { data, pageInfo } = membersOf(body);
  const records = Array.isArray(data) ? (data as unknown) : membersOf(data)[plural.replace("metadata/", "")];
  if (!Array.isArray(records)) throw new CrmError("PROVIDER_ERROR", { detail: "Twenty’s answer lacks its records." });
  const { hasNextPage, endCursor } = membersOf(pageInfo);
  return { records: records as NativeRecord[], next: hasNextPage === true ? readText(endCursor) : null };
}

/** All pages. */
export function allRecords(context: ProviderContext, plural: string, query: PageQuery = {}): Promise<NativeRecord[]> {
  return allPages((cursor) => recordPage(context, plural, { ...query, cursor }));
}

export interface RecordRules {
  plural: string;
  /** A field that must have a value. */
  needed?: string;
  /** What of a reading takes the related records. */
  related?: `$${string}`;
}

export type RecordCalls<Resource extends ResourceName> = Omit<
  Required<ResourceCalls<Resource, Condition>>,
  "idOf" | "read"
> & { read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<readonly NativeRecord[]> };

export function recordCalls<Resource extends ResourceName>({
  plural,
  needed,
  related,
}: RecordRules): RecordCalls<Resource> {
  const path = (id: string) => `/rest/${plural}/${id}`;
  const depthOf = (reading: Reading) => (related && reading.needs(related) ? 1 : 0);
  const isLive = (record: NativeRecord) =>
    readText(record["deletedAt"]) === null && (needed === undefined || readText(record[needed]) !== null);

  return {
    batchSize: RECORDS_MAX,
    isId: isUuid,
    async list(context, { conditions, order, limit, cursor, reading }) {
      const base = [...(needed ? [`${needed}[is]:NOT_NULL`] : []), ...conditions.map(({ filter }) => filter)];
      const page = ({ filters = [], ...query }: PageQuery) =>
        recordPage(context, plural, { ...query, filters: [...base, ...filters], depth: depthOf(reading) });
      const { records, next } = await (order ? orderedPage(page, order, limit, cursor) : page({ limit, cursor }));
      return { records: records.filter((one) => conditions.every(({ passes }) => passes?.(flat(one)) ?? true)), next };
    },
    async read(context, ids, reading) {
      const depth = depthOf(reading);
      if (ids.length > 1) {
        return (await recordPage(context, plural, { filters: [idIn("id", ids)], depth })).records.filter(isLive);
      }
      // Recent versions leave events that no calendar brought out of lists, though not out of this.
      const found = await absentIfNotFound(() =>
        context.send({ method: "GET", path: path(ids[0]!), query: { depth }, safe: true }),
      );
      return found ? [recordIn(found.body)].filter(isLive) : [];
    },
    async create(context, native) {
      const json = nested(native);
      const { body } = await context.send({ method: "POST", path: `/rest/${plural}`, json, safe: false });
      return String(recordIn(body)["id"]);
    },
    async update(context, id, native) {
      await context.send({ method: "PATCH", path: path(id), json: nested(native), safe: false });
    },
    async delete(context, id) {
      await context.send({ method: "DELETE", path: path(id), safe: false });
    },
  };
}

/** The one record of an answer, under a name that says what was done with it. */
function recordIn(body: unknown): NativeRecord {
  const [record] = Object.values(membersOf(membersOf(body)["data"]));
  if (typeof membersOf(record)["id"] === "string") return record as NativeRecord;
  throw new CrmError("PROVIDER_ERROR", { detail: "Twenty’s answer lacks its record." });
}
