import { CrmError } from "../../../errors/crm-error.js";
import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { ResourceName } from "../../contract/model.js";
import { membersOf, newId } from "../../kit/answer.js";
import type { NativePage, NativeQuery, Reading, ResourceCalls } from "../../kit/resource-rules.js";
import { ask, FIELDS_MAX, idOf, IDS_MAX, PAGE_MAX, queryRows, readRows } from "./api.js";
import { PROVIDER_NAME, type Module } from "./dialect.js";
import { allOf, isId, NOTHING, type Criteria } from "./query.js";

/** The most rows that numbered pages reach, and the most rows of a listing. */
const [NUMBERED_MAX, ROWS_MAX] = [2_000, 100_000];
const CAP = { records: ROWS_MAX, reason: `Zoho CRM lists at most ${ROWS_MAX} records. Narrow the filter.` };
const PARTS = ["$se_module", "$event_cancelled"] as const;

export function moduleCalls<Resource extends ResourceName>(module: Module): ResourceCalls<Resource, Criteria> {
  const path = `/${module}`;
  const written = async (context: ProviderContext, request: Omit<AdapterRequest, "safe">) => {
    const { data } = await ask(context, request, false);
    return membersOf(data?.[0]?.["details"])["id"];
  };

  /** The next rows by id, from the beginning or after those that the cursor counts: `200`, or `40.<page token>`. */
  async function page(context: ProviderContext, fields: readonly string[], limit: number, cursor: string) {
    const list = (query: Record<string, string | number>) =>
      ask(context, { method: "GET", path, query: { sort_by: "id", sort_order: "asc", ...query } });
    const [, counted, token] = /^(\d+)(?:\.(.+))?$/s.exec(cursor)!;
    const [skip, take] = [Number(counted), Math.min(limit, PAGE_MAX)];
    if (token === undefined && skip < NUMBERED_MAX) {
      const isWhole = skip % take === 0 && skip + take <= NUMBERED_MAX;
      const size = isWhole ? take : PAGE_MAX;
      const names = fields.length > FIELDS_MAX ? ["id"] : fields;
      const number = Math.floor(skip / size) + 1;
      const { data = [], info } = await list({ fields: names.join(","), page: number, per_page: size });
      const rows = data.slice(skip % size, (skip % size) + take);
      const hasMore = (skip % size) + rows.length < data.length || info?.more_records === true;
      const records = names === fields ? rows : await readRows(context, module, rows.map(idOf), fields);
      return { records, next: hasMore ? String(skip + rows.length) : null };
    }
    // A page token is valid only with the parameters of its first call, so these never depend on the caller's
    // selection.
    const fixed = { fields: "id", per_page: PAGE_MAX };
    const shown = token ?? (await list({ ...fixed, page: NUMBERED_MAX / PAGE_MAX })).info?.next_page_token;
    if (!shown) return { records: [], next: null };
    const { data = [], info } = await list({ ...fixed, page_token: shown });
    const begin = token === undefined ? 0 : skip;
    const ids = data.slice(begin, begin + take).map(idOf);
    const following = info?.more_records && info.next_page_token ? `0.${info.next_page_token}` : null;
    const next = begin + ids.length < data.length ? `${begin + ids.length}.${shown}` : following;
    return { records: await readRows(context, module, ids, fields), next };
  }

  /** Filtered and ordered lists: a query finds only the ids, because it answers fewer fields than a read. */
  async function matching(context: ProviderContext, fields: readonly string[], query: NativeQuery<Criteria>) {
    const { conditions, order, cursor, limit } = query;
    if (conditions.includes(NOTHING)) return { records: [], next: null };
    const offset = Number(cursor ?? 0);
    const where = conditions.length > 0 ? allOf(conditions.map((condition) => condition.where)) : "id is not null";
    const direction = order?.direction.toLowerCase() ?? "asc";
    const keys = [...(order ? [`${order.field} ${direction}`] : []), `id ${direction}`];
    const take = Math.min(limit, PAGE_MAX, ROWS_MAX - offset);
    const { data = [], info } = await queryRows(
      context,
      `select id from ${module} where ${where} order by ${keys.join(", ")} limit ${take} offset ${offset}`,
    );
    const isHidden = module === "Leads" && !conditions.some(({ converted }) => converted);
    const seen = [...new Set([...fields, ...(isHidden ? ["Converted__s"] : [])])];
    const found = await readRows(context, module, data.map(idOf), seen);
    const records = found.filter((native) => !isHidden || native["Converted__s"] !== true);
    const end = offset + data.length;
    const isCapped = info?.more_records === true && end >= ROWS_MAX;
    return { records, next: info?.more_records && !isCapped ? String(end) : null, cap: isCapped ? CAP : null };
  }
  return {
    batchSize: IDS_MAX,
    isId,
    async list(context, query): Promise<NativePage> {
      const fields = namesOf(query.reading);
      if (query.conditions.length > 0 || query.order) return matching(context, fields, query);
      try {
        return await page(context, fields, query.limit, query.cursor ?? "0");
      } catch (error) {
        const code = error instanceof CrmError ? error.details.upstream?.code : undefined;
        if (code !== "PAGINATION_LIMIT_EXCEEDED") throw error;
        return { records: [], next: null, cap: CAP };
      }
    },
    read: (context, ids, reading) => readRows(context, module, ids, namesOf(reading)),
    async create(context, native) {
      return newId(PROVIDER_NAME, await written(context, { method: "POST", path, json: { data: [native] } }));
    },
    async update(context, id, native) {
      await written(context, { method: "PUT", path: `${path}/${id}`, json: { data: [native] } });
    },
    async delete(context, id) {
      await written(context, { method: "DELETE", path: `${path}/${id}` });
    },
  };
}

function namesOf({ fields, needs }: Reading): string[] {
  return [...fields, ...PARTS.filter((part) => needs(part))];
}
