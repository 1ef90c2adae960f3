import { readCursor, writeCursor } from "../../kit/cursor.js";
import { textOf } from "../../kit/json.js";
import { compareKeys, inOrder, type OrderTerm } from "../../kit/order.js";
import { badRequest, type Refusals } from "./errors.js";
import type { RowFilter } from "./filter.js";
import type { ObjectDefinition } from "./objects.js";
import { columnAt, valueOf, type Column } from "./values.js";
import { toIso, toMicros, type Row, type Workspace } from "./workspace.js";

/** The documented maximum, which is also the default. */
const LIMIT_MAX = 60;
const DIRECTIONS = ["AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast"] as const;
const collator = new Intl.Collator("en");

export interface PageRequest {
  filter: RowFilter;
  orderBy: string | undefined;
  limit: string | undefined;
  startingAfter: string | undefined;
}

interface Order extends OrderTerm<Row> {
  name: string;
  column: Column;
}

export interface Page {
  rows: Row[];
  totalCount: number;
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage?: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** Hidden rows take their place in a page, which is then shorter than its limit, or empty. */
export function pageOf(object: ObjectDefinition, workspace: Workspace, request: PageRequest): Page {
  const { filter } = request;
  const { nameSingular: name } = object;
  const all = workspace.rows(name);
  const { isRecent, refusals } = workspace.version;
  const ordersBy = (text: string | undefined) => ordersOf(object, refusals, text);
  const orders = [...ordersBy(request.orderBy), ...ordersBy("id")];
  const passing = all.filter((row) => (filter.asksForDeleted || row.deletedAt === null) && filter.passes(row));
  const sorted = inOrder(passing, orders);
  const cursor = request.startingAfter === undefined ? null : cursorFrom(request.startingAfter);
  const rest = cursor ? sorted.filter((row) => isAfter(orders, row, cursor)) : sorted;
  const rows = rest.slice(0, limitOf(request.limit));
  return {
    rows: rows.filter((row) => !workspace.isHidden(name, row)),
    totalCount: passing.length,
    pageInfo: {
      hasNextPage: rows.length < rest.length,
      ...(isRecent && { hasPreviousPage: cursor !== null }),
      startCursor: rows.length > 0 ? cursorOf(orders, rows[0]!) : null,
      endCursor: rows.length > 0 ? cursorOf(orders, rows.at(-1)!) : null,
    },
  };
}

export function limitOf(text: string | undefined): number {
  const limit = text === undefined || text === "" ? LIMIT_MAX : Number(text);
  if (Number.isNaN(limit) || limit < 0) throw badRequest(`limit '${text}' is invalid. Should be an integer`);
  return Math.min(limit, LIMIT_MAX);
}

function ordersOf(object: ObjectDefinition, refusals: Refusals, text: string | undefined): Order[] {
  if (text === undefined || text === "") return [];
  return text.split(",").map((item): Order => {
    const [, path = item, name = "AscNullsFirst"] = /^(.+)\[(.+)\]$/.exec(item) ?? [];
    const direction = DIRECTIONS.find((one) => one === name);
    if (!direction) {
      throw badRequest(`'order_by' direction '${name}' invalid. Allowed values are '${DIRECTIONS.join("', '")}'`);
    }
    const column = columnAt(object, path.split("."));
    if (!column) throw refusals.unknownOrderField(object.nameSingular, path.split(".")[0]!);
    return {
      name: path.split(".")[0]!,
      column,
      keyOf: (row) => column.read(row) ?? null,
      descending: direction.startsWith("Desc"),
      emptyLast: direction.endsWith("Last"),
      compare,
    };
  });
}

function compare(one: unknown, other: unknown): number {
  return typeof one === "string" && typeof other === "string"
    ? collator.compare(one, other)
    : Number(one) - Number(other);
}

/** Makes the cursor of a record from the values of its JSON, so its times are in milliseconds. */
function cursorOf(orders: readonly Order[], row: Row): string {
  const shown = orders.map(({ name, column }) => {
    const value = valueOf(row, name) ?? null;
    return [name, column.field.type === "DATE_TIME" && value !== null ? toIso(value as number) : value];
  });
  return writeCursor(Object.fromEntries(shown), "base64");
}

type Cursor = Readonly<Record<string, unknown>>;

function cursorFrom(text: string): Cursor {
  const cursor = readCursor(text, "base64");
  if (typeof cursor === "object" && cursor !== null) return cursor as Cursor;
  throw badRequest(`Invalid cursor: ${text}`);
}

/**
 * Whether a row comes after the cursor. The database compares its microseconds with the cursor's milliseconds. So the
 * last shown row comes again, and a descending order skips the other rows of its millisecond (twentyhq/twenty #20109
 * and #20520). A row without a value is neither before nor after the cursor.
 */
function isAfter(orders: readonly Order[], row: Row, cursor: Cursor): boolean {
  for (const order of orders) {
    const [one, other] = [order.keyOf(row), cursorValue(order, cursor)];
    if (one === other && one !== null) continue;
    return one !== null && other !== null && compareKeys(order, one, other) > 0;
  }
  return false;
}

function cursorValue({ name, column }: Order, cursor: Cursor): unknown {
  const shown = cursor[name] ?? null;
  if (shown === null) return null;
  if (column.part !== null) return (shown as Record<string, unknown>)[column.part] ?? null;
  return column.field.type === "DATE_TIME" ? toMicros(textOf(shown)) : shown;
}
