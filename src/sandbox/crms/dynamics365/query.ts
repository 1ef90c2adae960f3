import { readCursor, writeCursor } from "../../kit/cursor.js";
import { compareAll, inOrder, type OrderTerm } from "../../kit/order.js";
import { type Entity } from "./entities.js";
import { badQuery } from "./errors.js";
import { type Condition, orderOf, readFilter } from "./filter.js";
import type { Org, Row } from "./org.js";
import { propertyOf, type Property } from "./paths.js";
import { type Expansion, type Shape, viewOf } from "./view.js";

/** Maximum number of rows in a page. */
const PAGE_MAX = 5000;
const OPTIONS = new Set(["$select", "$filter", "$orderby", "$expand", "$top", "$count", "$skiptoken"]);

/** The parts of a request that make a query. */
export interface QueryRequest {
  /** The query string, not decoded and without the question mark. */
  search: string;
  preferences: Preferences;
  /** Scheme, host and path of the Web API. */
  base: string;
  /** Path of the collection below `base`. */
  path: string;
}

export interface Preferences {
  maxPageSize: number | null;
  annotations: ReadonlySet<string>;
  returnsRepresentation: boolean;
}

/** Reads the known parts of a `Prefer` header. */
export function preferencesOf(header: string | undefined): Preferences {
  const text = header ?? "";
  const size = Number(/odata\.maxpagesize=(\d+)/.exec(text)?.[1] ?? NaN);
  const annotations = /odata\.include-annotations="([^"]*)"/.exec(text)?.[1] ?? "";
  return {
    maxPageSize: size > 0 ? Math.min(size, PAGE_MAX) : null,
    annotations: new Set(annotations.split(",").map((name) => name.trim())),
    returnsRepresentation: /return=representation/.test(text),
  };
}

/** Returns the shape of a single row in an answer. */
export function shapeOf(search: string, preferences: Preferences): Shape {
  const options = optionsOf(search);
  return {
    select: listOf(options.get("$select")),
    expand: expansionsOf(options.get("$expand")),
    annotations: preferences.annotations,
  };
}

/** Answers a query of a collection. Source: learn.microsoft.com, "Query data using the Web API". */
export function runQuery(
  org: Org,
  entity: Entity,
  rows: readonly Row[],
  request: QueryRequest,
): Record<string, unknown> {
  const options = optionsOf(request.search);
  for (const name of options.keys()) {
    if (name.startsWith("$") && !OPTIONS.has(name)) throw badQuery(`The query parameter ${name} is not supported.`);
  }
  const { condition, order } = readQuery(org, entity, options);
  const found = condition === null ? [...rows] : rows.filter(condition);
  const sorted = inOrder(found, order);
  const top = options.get("$top");
  if (top !== undefined && !/^[1-9]\d*$/.test(top)) throw badQuery("Invalid value for $top.");
  const size = top === undefined ? (request.preferences.maxPageSize ?? PAGE_MAX) : Math.min(Number(top), PAGE_MAX);
  const cookie = options.get("$skiptoken");
  const { page, start } = cookie === undefined ? { page: 1, start: 0 } : placeOf(cookie, sorted, order, entity);
  const shown = sorted.slice(start, start + size);
  const shape = shapeOf(request.search, request.preferences);
  const { base, path } = request;
  const isLast = top !== undefined || start + size >= sorted.length;
  return {
    "@odata.context": `${base}/$metadata#${entity.set}`,
    ...(options.get("$count") === "true" ? { "@odata.count": Math.min(found.length, PAGE_MAX) } : {}),
    value: shown.map((row) => viewOf(org, entity, row, shape, base)),
    ...(isLast
      ? {}
      : {
          "@odata.nextLink": `${base}/${path}?${nextSearch(request.search, cookieAfter(page, shown, order, entity))}`,
        }),
  };
}

/** Counts the rows for `/$count`, with an optional `$filter`. */
export function countRows(org: Org, entity: Entity, rows: readonly Row[], search: string): number {
  const { condition } = readQuery(org, entity, optionsOf(search));
  return Math.min(PAGE_MAX, condition === null ? rows.length : rows.filter(condition).length);
}

type Key = Exclude<ReturnType<Property>, null>;
type Order = OrderTerm<Row, Key>;

function readQuery(org: Org, entity: Entity, options: ReadonlyMap<string, string>) {
  const aliases = new Map([...options].filter(([name]) => name.startsWith("@")));
  const filter = options.get("$filter");
  const condition: Condition | null = filter === undefined ? null : readFilter(filter, entity, { org, aliases });
  const order = (options.get("$orderby") ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part): Order => {
      const [name = "", direction = "asc"] = part.trim().split(/\s+/);
      return orderTerm(propertyOf(org, entity, name.split("/")), direction === "desc");
    });
  // Equal rows are ordered by their ids.
  return { condition, order: [...order, orderTerm(propertyOf(org, entity, [entity.key]), false)] };
}

/** Builds a term of an order. Empty values come first, as in SQL Server. */
function orderTerm(property: Property, descending: boolean): Order {
  return { keyOf: property, descending, emptyLast: descending, compare: orderOf };
}

/** Writes the end of a page as a cookie with the sort values of its last row. It stays valid if the row changes. */
function cookieAfter(page: number, shown: readonly Row[], order: readonly Order[], entity: Entity): string {
  const keys = order.map(({ keyOf }) => keyOf(shown.at(-1)!));
  const place = writeCursor([entity.name, keys]);
  return `<cookie pagenumber="${page + 1}" pagingcookie="${place}" istracking="False" />`;
}

function placeOf(cookie: string, sorted: readonly Row[], order: readonly Order[], entity: Entity) {
  const [, page, place] = /^<cookie pagenumber="(\d+)" pagingcookie="([\w-]+)"/.exec(cookie) ?? [];
  const [name, keys] = (readCursor(place ?? "") ?? ["", []]) as [string, (Key | null)[]];
  if (name !== entity.name || keys.length !== order.length) throw badQuery("Malformed XML in the Paging Cookie.");
  const start = sorted.findIndex((row) => {
    const own = order.map(({ keyOf }) => keyOf(row));
    return compareAll(order, own, keys) > 0;
  });
  return { page: Number(page), start: start < 0 ? sorted.length : start };
}

/** Returns the query string for the next page. */
function nextSearch(search: string, cookie: string): string {
  const kept = search.split("&").filter((part) => !/^(\$|%24)skiptoken=/.test(part) && part !== "");
  return [...kept, `$skiptoken=${encodeURIComponent(cookie)}`].join("&");
}

function optionsOf(search: string): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(search));
}

function listOf(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : text.split(",").map((name) => name.trim());
}

/** Reads `a($select=x,y),b($select=z)`. Nested expansions are not imitated. */
function expansionsOf(text: string | undefined): readonly Expansion[] {
  if (text === undefined) return [];
  return [...text.matchAll(/(\w+)(?:\(([^()]*)\))?(?:,|$)/g)].map(([, navigation = "", inner]) => {
    const selected = /(?:^|;)\s*\$select=([^;]*)/.exec(inner ?? "")?.[1];
    return { navigation, select: listOf(selected) };
  });
}
