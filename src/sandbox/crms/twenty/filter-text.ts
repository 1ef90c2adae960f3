import { badRequest } from "./errors.js";

/**
 * The content of the `filter` parameter. The parser has the peculiarities of Twenty's server: round brackets count at
 * every place, a quote of either kind opens or closes a text at every place, and a value cannot contain a quote.
 * Source: packages/twenty-server/src/engine/api/rest/input-request-parsers/filter-parser-utils of twentyhq/twenty.
 */
export type Filter =
  | { kind: "and" | "or" | "not"; of: readonly Filter[] }
  | { kind: "condition"; path: readonly string[]; comparator: Comparator; value: string };

const COMPARATORS = [
  "eq",
  "neq",
  "in",
  "containsAny",
  "is",
  "gt",
  "gte",
  "lt",
  "lte",
  "startsWith",
  "endsWith",
  "like",
  "ilike",
] as const;
export type Comparator = (typeof COMPARATORS)[number];

const CONJUNCTION = /^(and|or|not)\((.+)\)$/;

export function parseFilter(text: string): Filter {
  const missing = count(text, "(") - count(text, ")");
  if (missing !== 0) {
    throw badRequest(
      `'filter' invalid. ${Math.abs(missing)} ${missing > 0 ? "close" : "open"} bracket missing in the query`,
    );
  }
  return parsePart(CONJUNCTION.test(text) ? text : `and(${text})`);
}

function parsePart(text: string): Filter {
  const kind = CONJUNCTION.exec(text)?.[1];
  if (kind === undefined) return parseCondition(text);
  const of = splitParts(text).map(parsePart);
  if (kind === "not" && of.length > 1) {
    throw badRequest("'filter' invalid. 'not' conjunction should contain only 1 condition. eg: not(field[eq]:1)");
  }
  return { kind: kind as "and" | "or" | "not", of };
}

/** Returns the text inside the outermost brackets, split at the commas that are not inside inner brackets or quotes. */
function splitParts(text: string): string[] {
  const parts = [""];
  let depth = 0;
  const open = new Set<string>();
  for (const char of text) {
    if (char === ")") depth -= 1;
    if (depth > 0) {
      const toggle = char === "]" ? "[" : char;
      if (toggle === "[" || toggle === '"' || toggle === "'") {
        if (!open.delete(toggle)) open.add(toggle);
      }
      if (char === "," && depth === 1 && open.size === 0) parts.push("");
      else parts[parts.length - 1] += char;
    }
    if (char === "(") depth += 1;
  }
  return parts;
}

function parseCondition(text: string): Filter {
  const match = /^([^[]+)\[([^\]]+)\]:(.+)$/.exec(text);
  if (!match) throw badRequest(`'filter' invalid for '${text}'. eg: price[gte]:10`);
  const [, path = "", name = "", value = ""] = match;
  const comparator = COMPARATORS.find((one) => one === name);
  if (!comparator) {
    throw badRequest(`'filter' invalid for '${text}', comparator ${name} not in ${COMPARATORS.join(", ")}`);
  }
  return { kind: "condition", path: path.split("."), comparator, value };
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
