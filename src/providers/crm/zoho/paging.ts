import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { anchoredPage } from "../../kit/anchored-page.js";
import type { NativePage, NativeQuery } from "../../kit/resource-rules.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { pageOf as rowPage, row } from "./answers.js";
import { askPage, fieldPieces, idOf, PAGE_MAX, queryRows, readRows } from "./api.js";
import type { Module } from "./dialect.js";
import { allOf, dateTime, NOTHING, quoted, type Criteria } from "./query.js";

/** The most rows that numbered pages reach, and the most rows that a query reaches. */
const [NUMBERED_MAX, ROWS_MAX] = [2_000, 100_000];
const CAP = { records: ROWS_MAX, reason: `Zoho CRM lists at most ${ROWS_MAX} records. Narrow the filter.` };
/** The most records of one of our pages: a query answers 200, up to 20 of which the page before had. */
const LIMIT_MAX = PAGE_MAX - 20;

type Paging = Pick<NativeQuery<unknown>, "limit" | "cursor">;

/** The position of an unordered list: after that id. The number of the records before it is a guess. */
interface Place {
  id: string;
  at: number;
}

/**
 * The next records by id. A numbered page takes one call, but shifts if records are deleted, so it begins at least one
 * record before the position. If that record is not there, or numbers do not reach the position, a query for the ids
 * behind it takes a second call.
 */
export async function pageById(
  context: ProviderContext,
  module: Module,
  fields: readonly string[],
  { limit, cursor }: Paging,
): Promise<NativePage> {
  const place = cursor === null ? null : (JSON.parse(cursor) as Place);
  const take = Math.min(limit, PAGE_MAX);
  const pageOf = (rows: readonly NativeRecord[], at: number, hasMore: boolean) => ({
    records: rows,
    next: hasMore ? JSON.stringify({ id: idOf(rows.at(-1)!), at: at + rows.length } satisfies Place) : null,
  });
  const numbered = numberedPage(place?.at ?? 0, take);
  if (numbered) {
    const names = fieldPieces(fields).length > 1 ? ["id"] : fields;
    const sort = { sort_by: "id", sort_order: "asc" };
    const query = { ...sort, fields: names.join(","), page: numbered.page, per_page: numbered.size };
    const request = { method: "GET", path: `/${module}`, query } as const;
    const { records: data, hasMore: goesOn } = await askPage(context, request, rowPage(row));
    const following = place ? data.filter((one) => isBehind(one, place.id)) : data;
    const isInPlace = !place || (following.length > 0 && following.length < data.length);
    if (isInPlace) {
      const rows = following.slice(0, take);
      const hasMore = rows.length < following.length || (rows.length > 0 && goesOn);
      const page = pageOf(rows, (numbered.page - 1) * numbered.size + data.length - following.length, hasMore);
      return names === fields ? page : { ...page, records: await readRows(context, module, rows.map(idOf), fields) };
    }
  }
  const query = `select id from ${module} where id > ${quoted(place?.id ?? "0")} order by id asc limit ${take} offset 0`;
  const { records: data, hasMore: goesOn } = await queryRows(context, query, row);
  const { next } = pageOf(data, place?.at ?? 0, goesOn && data.length > 0);
  return { records: await unconverted(context, module, data, fields), next };
}

/** A numbered page that has the record before the position and all that are wanted after it. */
function numberedPage(at: number, take: number): { page: number; size: number } | null {
  const [first, end] = [Math.max(0, at - 1), at + take];
  for (let size = end - first; size <= PAGE_MAX; size += 1) {
    const page = Math.floor(first / size) + 1;
    if (page * size >= end && page * size <= NUMBERED_MAX) return { page, size };
  }
  return null;
}

/** Ids are numbers that JavaScript cannot hold. */
function isBehind(row: NativeRecord, id: string): boolean {
  return BigInt(idOf(row)) > BigInt(id);
}

/** Filtered and ordered lists: a query finds only the ids, because it answers fewer fields than a read. */
export async function matchingPage(
  context: ProviderContext,
  module: Module,
  fields: readonly string[],
  { conditions, order, cursor, limit }: NativeQuery<Criteria>,
): Promise<NativePage> {
  if (conditions.includes(NOTHING)) return { records: [], next: null };
  const criteria = conditions.map((condition) => condition.where);
  const column = order?.field ?? "id";
  const direction = order?.direction.toLowerCase() ?? "asc";
  const keys = [...(order ? [`${column} ${direction}`] : []), `id ${direction}`];
  // COQL does not compare texts by their order, and a list by name cannot begin at a name.
  const isTime = column.endsWith("_Time") || column.endsWith("_DateTime");
  const literal = (value: string) => (order ? dateTime(new Date(value)) : quoted(value));
  const page = await anchoredPage(
    { cursor, limit: Math.min(limit, LIMIT_MAX) },
    {
      idOf,
      valueOf: (one) => (isTime ? readDateTime(one[column]) : order ? null : idOf(one)),
      async read({ from, offset, size }) {
        const begin = from === null ? [] : [`${column} ${direction === "asc" ? ">=" : "<="} ${literal(from)}`];
        const all = [...criteria, ...begin];
        const where = all.length > 0 ? allOf(all) : "id is not null";
        const columns = [...new Set(["id", column])].join(", ");
        const take = Math.min(size, ROWS_MAX - offset);
        const { records, hasMore } = await queryRows(
          context,
          `select ${columns} from ${module} where ${where} order by ${keys.join(", ")} limit ${take} offset ${offset}`,
          row,
        );
        const isCapped = hasMore && offset + records.length >= ROWS_MAX;
        return { records, hasMore: hasMore && !isCapped, cap: isCapped ? CAP : null };
      },
    },
  );
  const wantsConverted = conditions.some(({ converted }) => converted);
  const read = wantsConverted ? readIds : unconverted;
  return { ...page, records: await read(context, module, page.records, fields) };
}

async function readIds(
  context: ProviderContext,
  module: Module,
  rows: readonly NativeRecord[],
  fields: readonly string[],
) {
  return readRows(context, module, rows.map(idOf), fields);
}

/** Queries find converted leads, which lists omit. */
async function unconverted(
  context: ProviderContext,
  module: Module,
  rows: readonly NativeRecord[],
  fields: readonly string[],
) {
  if (module !== "Leads") return readIds(context, module, rows, fields);
  const found = await readIds(context, module, rows, [...new Set([...fields, "Converted__s"])]);
  return found.filter((native) => native["Converted__s"] !== true);
}
