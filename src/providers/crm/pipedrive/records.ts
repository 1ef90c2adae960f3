import { invalidInput } from "../../../errors/crm-error.js";
import { absentIfNotFound, notFound } from "../../kit/adapter-kit.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import type { NativePage, NativeQuery, Reading, ResourceCalls } from "../../kit/resource-kit.js";
import { PROVIDER_NAME, type Condition } from "./dialect.js";
import { BATCH_MAX, get, PAGE_MAX, readByIds, readPage, V1, write, type Query } from "./api.js";

/** Pages without any record of the kind that are passed over before an empty one is given. */
const EMPTY_PAGES_MAX = 10;
/** Leads found at once: each is a call. */
const LEADS_FOUND_MAX = 10;

export interface RecordRules {
  resource: ResourceName;
  path: string;
  searchPath?: string;
  isId: RegExp;
  sort(order: NonNullable<NativeQuery<Condition>["order"]>): Query;
  /** What a read asks for besides. */
  reads?(reading: Reading): Query;
  /** Whether a record that is there is one of the kind. */
  isOne?(context: ProviderContext, native: NativeRecord): boolean;
  /** What a write sends of the fields; `id` is null in a create. */
  body?(context: ProviderContext, native: NativeRecord, id: string | null): NativeRecord;
}

/** The calls for one kind of record; leads alone have no batch read, and are gone when they are deleted. */
export function recordCalls<Resource extends ResourceName>(rules: RecordRules): ResourceCalls<Resource, Condition> {
  const { resource, path, searchPath, isId, sort, reads, isOne, body = (_context, native) => native } = rules;
  const isLead = path.startsWith(V1);
  const isThere = (context: ProviderContext, native: NativeRecord) =>
    native["is_deleted"] !== true && (isOne?.(context, native) ?? true);

  async function list(context: ProviderContext, query: NativeQuery<Condition>): Promise<NativePage> {
    const { conditions, order, limit, reading } = query;
    const search =
      conditions.find(({ passes, search }) => search && !passes) ?? conditions.find(({ search }) => search);
    if (search && order) throw invalidInput({ orderBy: `${PROVIDER_NAME} cannot order what it searches for.` });
    const passing = (natives: readonly NativeRecord[]) =>
      // A search finds archived leads, too, which no list has.
      natives.filter(
        (one) =>
          isThere(context, one) &&
          one["is_archived"] !== true &&
          conditions.every(({ passes }) => passes?.(one) ?? true),
      );
    const asked = search
      ? { ...search.search, limit: Math.min(limit, isLead ? LEADS_FOUND_MAX : BATCH_MAX) }
      : {
          ...Object.assign({}, ...conditions.map((condition) => condition.query)),
          ...(order ? sort(order) : {}),
          ...reads?.(reading),
          limit: Math.min(limit, PAGE_MAX),
        };
    let cursor = query.cursor;
    for (let empty = 0; ; empty += 1) {
      const page = await readPage(context, search ? searchPath! : path, asked, cursor);
      // What a search says of a record has another shape, and may be out of date.
      const natives = search ? await found(context, page.records, reading) : page.records;
      const records = passing(natives);
      cursor = page.next;
      if (records.length > 0 || cursor === null || empty === EMPTY_PAGES_MAX) return { records, next: cursor };
    }
  }

  async function found(
    context: ProviderContext,
    items: readonly NativeRecord[],
    reading: Reading,
  ): Promise<NativeRecord[]> {
    const ids = items.map(({ id }) => String(id));
    const byId = new Map((await read(context, ids, reading)).map((native) => [String(native["id"]), native]));
    return ids.map((id) => byId.get(id)).filter((native) => native !== undefined);
  }

  async function read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<NativeRecord[]> {
    if (isLead) return (await Promise.all(ids.map((id) => readOne(context, id)))).filter((one) => one !== null);
    const natives = await readByIds(context, path, ids, reads?.(reading));
    return natives.filter((native) => isThere(context, native));
  }

  async function readOne(context: ProviderContext, id: string): Promise<NativeRecord | null> {
    return (await absentIfNotFound(() => get<NativeRecord>(context, `${path}/${id}`)))?.data ?? null;
  }

  /** A deleted record can still be read for 30 days, and perhaps be written; one of another kind can in any case. */
  async function assertThere(context: ProviderContext, id: string): Promise<void> {
    if (isLead) return;
    const native = await readOne(context, id);
    if (!native || !isThere(context, native)) throw notFound(resource);
  }

  return {
    batchSize: isLead ? 1 : BATCH_MAX,
    isId: (text) => isId.test(text),
    list,
    read,
    create: async (context, native) => String((await write(context, "POST", path, body(context, native, null)))["id"]),
    async update(context, id, native) {
      await assertThere(context, id);
      const changes = body(context, native, id);
      if (Object.keys(changes).length > 0) await write(context, "PATCH", `${path}/${id}`, changes);
    },
    async delete(context, id) {
      await assertThere(context, id);
      await write(context, "DELETE", `${path}/${id}`);
    },
  };
}
