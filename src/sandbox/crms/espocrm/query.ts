import { textOf } from "../../kit/json.js";
import { EspoError } from "./errors.js";

interface Node {
  [key: string]: string | Node;
}

/** Reads a query string as PHP does: `where[0][value][]=x` becomes nested arrays. */
export function parseQuery(url: string): Node {
  const query: Node = {};
  const start = url.indexOf("?");
  for (const [key, value] of new URLSearchParams(start < 0 ? "" : url.slice(start + 1))) {
    const [, name, rest] = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(key) ?? [];
    if (name === undefined) continue;
    const path = [name, ...[...rest!.matchAll(/\[([^\]]*)\]/g)].map((part) => part[1]!)];
    let node = query;
    for (const [index, part] of path.entries()) {
      const at = part === "" ? String(Object.keys(node).length) : part;
      if (index === path.length - 1) node[at] = value;
      else {
        const inner = node[at];
        node = typeof inner === "object" ? inner : (node[at] = {});
      }
    }
  }
  return query;
}

/** One condition of a `where`. */
export interface WhereItem {
  type: string;
  attribute: string;
  /** One text, or several. */
  value: string | readonly string[] | null;
  items: readonly WhereItem[];
}

export interface SearchParams {
  where: readonly WhereItem[];
  select: readonly string[] | null;
  orderBy: string | null;
  order: "ASC" | "DESC";
  maxSize: number;
  offset: number;
  withTotal: boolean;
}

const MAX_SIZE_LIMIT = 200;

/** @throws EspoError 403 for a page that is too large */
export function searchParams(url: string, withTotal: boolean): SearchParams {
  const { where, select, orderBy, order, maxSize, offset } = parseQuery(url);
  const size = maxSize === undefined || maxSize === "" ? MAX_SIZE_LIMIT : integer(maxSize);
  if (size > MAX_SIZE_LIMIT) {
    throw new EspoError(403, `Max size should not exceed ${MAX_SIZE_LIMIT}. Use offset and limit.`);
  }
  return {
    where: itemsOf(where),
    select: typeof select === "string" && select !== "" ? select.split(",") : null,
    orderBy: typeof orderBy === "string" && orderBy !== "" ? orderBy : null,
    order: textOf(order).toUpperCase() === "DESC" ? "DESC" : "ASC",
    maxSize: size,
    offset: offset === undefined ? 0 : integer(offset),
    withTotal,
  };
}

/** Reads a text as PHP's intval does. */
function integer(text: unknown): number {
  const number = Number.parseInt(String(text), 10);
  return Number.isNaN(number) ? 0 : Math.max(0, number);
}

function itemsOf(node: string | Node | undefined): WhereItem[] {
  if (typeof node !== "object") return [];
  return Object.values(node).map((item): WhereItem => {
    if (typeof item === "string") throw new EspoError(400, "Bad where item.");
    const { type, attribute, value } = item;
    if (typeof type !== "string") throw new EspoError(400, "Bad where item. No 'type'.");
    const isGroup = type === "or" || type === "and";
    return {
      type,
      attribute: typeof attribute === "string" ? attribute : "",
      value: typeof value === "object" ? Object.values(value).map(String) : (value ?? null),
      items: isGroup ? itemsOf(value) : [],
    };
  });
}
