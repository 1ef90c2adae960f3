import { textOf } from "../../kit/json.js";
import { inOrder } from "../../kit/order.js";
import { sortKey } from "./collation.js";
import type { Database, Row } from "./database.js";
import { allAttributes, fieldsOf, type EntityType } from "./entity-defs.js";
import { EspoError } from "./errors.js";
import type { SearchParams } from "./query.js";
import { listedView, valueOf } from "./record-view.js";
import { whereTest } from "./where.js";

const DEFAULT_ORDER: Readonly<Record<EntityType, readonly [field: string, order: "ASC" | "DESC"]>> = {
  Contact: ["createdAt", "DESC"],
  Lead: ["createdAt", "DESC"],
  Meeting: ["dateStart", "DESC"],
  Account: ["createdAt", "DESC"],
  User: ["userName", "ASC"],
};

/** A page of records and their total number. Equal records are ordered by their ids. */
export function listRecords(
  database: Database,
  entity: EntityType,
  rows: readonly Row[],
  params: SearchParams,
): { total: number; list: Record<string, unknown>[] } {
  const passes = whereTest(database, entity, params.where);
  const [orderBy, order] = params.orderBy === null ? DEFAULT_ORDER[entity] : [params.orderBy, params.order];
  const found = sorted(database, entity, rows.filter(passes), orderBy, order);
  const page = found.slice(params.offset, params.offset + params.maxSize);
  const hasMore = found.length > params.offset + page.length;
  return {
    // Without a count, -1 means that there are more records, and -2 that there are none.
    total: params.withTotal ? found.length : hasMore ? -1 : -2,
    list: page.map((row) => listedView(database, entity, row, { select: params.select, orderBy })),
  };
}

function sorted(
  database: Database,
  entity: EntityType,
  rows: readonly Row[],
  field: string,
  order: "ASC" | "DESC",
): Row[] {
  const defs = fieldsOf(entity, database)[field];
  if (!defs && !allAttributes(entity, database).has(field))
    throw new EspoError(400, `Order by non-existing field '${field}'.`);
  const attributes =
    defs?.type === "personName" ? ["firstName", "lastName"] : [defs?.type === "link" ? `${field}Name` : field];
  const descending = order === "DESC";
  const keys = [
    ...attributes.map((attribute) => (row: Row) => keyOf(valueOf(database, entity, row, attribute))),
    ({ id }: Row) => id,
  ];
  return inOrder(
    rows,
    keys.map((key) => ({ keyOf: key, descending, emptyLast: descending })),
  );
}

/** Empty values come first. */
function keyOf(value: unknown): string | number {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? value : sortKey(textOf(value));
}
