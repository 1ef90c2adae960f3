import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { notFound } from "../../kit/adapter-kit.js";
import type { Reading, ResourceCalls } from "../../kit/resource-rules.js";
import { assertFilterFits, URL_MAX } from "../../kit/url-length.js";
import { getDecoded, getDecodedIfThere, restWrites } from "../../kit/rest.js";
import { oneRecord, written } from "./answers.js";
import { recordPage } from "./api.js";
import { isUuid, nested, PROVIDER_NAME, readText, RECORDS_MAX } from "./dialect.js";
import { orderedPage, type PageQuery } from "./paging.js";
import { idIn } from "./query.js";

/** The most bytes of a URL that filters may take. The rest is for the place in a list, the order and the path. */
const FILTERS_MAX = URL_MAX - 700;
/** Source: twentyhq/twenty #21459; recorded from a server of July 2026. */
export const OMITTED =
  "Recent versions of Twenty leave meetings that no connected calendar brought out of all lists, such as those that crmesh made. They can be read by id.";

interface RecordRules<Resource> {
  resource: Resource;
  plural: string;
  /** What lists leave out although it can be read by id, one record at a time. */
  omits?: string;
  /** A field that must have a value. */
  needed?: string;
  /** The part of a reading that needs related records. */
  related?: `$${string}`;
}

export type RecordCalls<Resource extends ResourceName> = Omit<
  Required<ResourceCalls<Resource, string>>,
  "idOf" | "read"
> & { read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<readonly NativeRecord[]> };

/** Writes of records of any object. */
export function recordWrites(plural: string) {
  const path = (id?: string) => (id === undefined ? `/rest/${plural}` : `/rest/${plural}/${id}`);
  return restWrites({
    path,
    update: "PATCH",
    body: nested,
    created: { status: [200, 201], body: written },
    updated: { status: 200, body: written },
    deleted: { status: 200, body: written },
    // Without it, Twenty destroys the record, and nobody can restore it.
    deleteQuery: { soft_delete: "true" },
  });
}

export function recordCalls<Resource extends ResourceName>({
  resource,
  plural,
  omits,
  needed,
  related,
}: RecordRules<Resource>): RecordCalls<Resource> {
  const path = (id: string) => `/rest/${plural}/${id}`;
  const writes = recordWrites(plural);
  const depthOf = (reading: Reading) => (related && reading.needs(related) ? 1 : 0);
  const isLive = (record: NativeRecord) =>
    readText(record["deletedAt"]) === null && (needed === undefined || readText(record[needed]) !== null);

  return {
    batchSize: RECORDS_MAX,
    isId: isUuid,
    async list(context, { conditions, order, limit, cursor, reading }) {
      assertFilterFits(PROVIDER_NAME, encodeURIComponent(conditions.join(",")).length, FILTERS_MAX);
      const base = [...(needed ? [`${needed}[is]:NOT_NULL`] : []), ...conditions];
      const page = ({ filters = [], ...query }: PageQuery) =>
        recordPage(context, plural, { ...query, needed, filters: [...base, ...filters], depth: depthOf(reading) });
      const found = await (order ? orderedPage(page, order, limit, cursor) : page({ limit, cursor }));
      return omits === undefined ? found : { ...found, omits };
    },
    async read(context, ids, reading) {
      const depth = depthOf(reading);
      const one = (id: string) => getDecodedIfThere(context, path(id), { depth }, oneRecord(needed));
      const listed =
        ids.length > 1
          ? (await recordPage(context, plural, { filters: [idIn("id", ids)], depth, needed })).records
          : [];
      const found = new Set(listed.map(({ id }) => String(id)));
      const others = ids.length === 1 || omits !== undefined ? ids.filter((id) => !found.has(id)) : [];
      const single = await Promise.all(others.map(one));
      return [...listed, ...single.filter((record) => record !== null)].filter(isLive);
    },
    create: (...write) => writes.create(...write),
    // Recent versions also write records that are marked as deleted. Recorded from Twenty 2.21.
    async update(...write) {
      const record = await writes.update(...write);
      if (readText(record["deletedAt"]) !== null) throw notFound(resource);
      return record;
    },
    async delete(context, id) {
      await getDecoded(context, path(id), { depth: 0 }, oneRecord(undefined));
      await writes.delete(context, id);
    },
  };
}
