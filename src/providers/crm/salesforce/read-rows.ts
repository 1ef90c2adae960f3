import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { withVisibleColumns } from "./describe.js";
import type { SalesforceObject } from "./objects.js";
import { query, queryByIds, retrieve } from "./api.js";
import { allOf, encodedLength } from "./soql.js";

/** The part of a query's length that its columns may take; hundreds of custom fields are more than a URI holds. */
export const COLUMNS_MAX = 4_000;

/** Columns of related records and sub-selects, which only a query can follow. */
export function needsQuery(columns: readonly string[]): boolean {
  return columns.some(isRelated);
}

function isRelated(column: string): boolean {
  return /[.(]/.test(column);
}

export function selectFrom(object: SalesforceObject, columns: readonly string[]): string {
  return `SELECT ${columns.join(",")} FROM ${object.name}`;
}

export interface Listing {
  conditions: readonly (string | null)[];
  orderBy: string;
  /** Ordered by, so that the query itself must have it. */
  orderColumn: string;
  limit: number;
}

/** Rows that meet the conditions, in order. */
export function listRows(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  { conditions, orderBy, orderColumn, limit }: Listing,
): Promise<NativeRecord[]> {
  const rest = `${allOf([object.listed, ...conditions])}${orderBy} LIMIT ${limit}`;
  const wanted = [...new Set([...columns, orderColumn])];
  return readRows(context, object, wanted, ["Id", orderColumn], (visible) =>
    query(context, `${selectFrom(object, visible)}${rest}`, object.resource),
  );
}

/** Records by 18-character id, in no order; what is missing or deleted is left out. */
export async function rowsByIds(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  ids: readonly string[],
): Promise<NativeRecord[]> {
  if (!needsQuery(columns)) {
    const found = await withVisibleColumns(context, object.name, columns, (visible) =>
      retrieve(context, object.name, ids, visible),
    );
    return [...found.values()];
  }
  return readRows(context, object, columns, ["Id"], (visible) =>
    queryByIds(context, {
      select: selectFrom(object, visible),
      column: "Id",
      ids,
      where: object.existing,
      resource: object.resource,
    }),
  );
}

/** Where the columns are too long for a URI, the query has those only it can read, and a collections read the others. */
function readRows(
  context: ProviderContext,
  object: SalesforceObject,
  columns: readonly string[],
  keys: readonly string[],
  run: (columns: readonly string[]) => Promise<NativeRecord[]>,
): Promise<NativeRecord[]> {
  return withVisibleColumns(context, object.name, columns, async (visible) => {
    if (encodedLength(visible.join(",")) <= COLUMNS_MAX) return run(visible);
    const rows = await run([...new Set([...keys, ...visible.filter(isRelated)])]);
    const own = ["Id", ...visible.filter((column) => !keys.includes(column) && !isRelated(column))];
    const ids = rows.map((row) => String(row["Id"]));
    const others = ids.length === 0 ? new Map<string, NativeRecord>() : await retrieve(context, object.name, ids, own);
    // A row without its other half was deleted between the two calls.
    return rows.flatMap((row) => {
      const other = others.get(String(row["Id"]));
      return other ? [{ ...other, ...row }] : [];
    });
  });
}
