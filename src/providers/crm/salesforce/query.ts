import type { EmailRules } from "../../contract/field-map.js";
import type { ProviderContext } from "../../contract/contract.js";
import { stampFilters, wholeSecond } from "../../mapping/stamp-filters.js";
import { longId } from "./dialect.js";

/**
 * Pieces of SOQL. Whatever comes from a caller passes through `quoted` or `contains`, which share one escaping.
 * Source: developer.salesforce.com, "Quoted String Escape Sequences" and "Date Formats and Date Literals".
 */

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

function escaped(text: string): string {
  return text.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character]!);
}

/** A text literal. */
export function quoted(text: string): string {
  return `'${escaped(text)}'`;
}

/** The pattern of a LIKE that finds the text anywhere; its own `%` and `_` stand for themselves. */
function contains(text: string): string {
  return `'%${escaped(text).replace(/[%_]/g, (wildcard) => `\\${wildcard}`)}%'`;
}

/** A date-time literal. Literals and stored times have whole seconds only. */
export function dateTime(date: Date): string {
  return wholeSecond(date).toISOString().replace(".000Z", "Z");
}

export function inList(column: string, values: readonly string[]): string {
  return `${column} IN (${values.map(quoted).join(",")})`;
}

export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(" OR ")})`;
}

export function allOf(conditions: readonly (string | null)[]): string {
  const present = conditions.filter((condition) => condition !== null);
  return present.length === 0 ? "" : ` WHERE ${present.join(" AND ")}`;
}

/** The bytes that a piece of SOQL takes in a URI. */
export function encodedLength(soql: string): number {
  return new URLSearchParams({ q: soql }).toString().length - "q=".length;
}

/** One unified filter as a SOQL condition, or as a function that resolves alternative conditions by another call. */
export type Condition = string | ((context: ProviderContext) => Promise<readonly string[]>);

/** Matches nothing, without a call: Salesforce would refuse such a query instead of finding nothing. */
const nothing: Condition = () => Promise.resolve([]);

export function equalsAny(columns: readonly string[], text: string): string {
  return anyOf(columns.map((column) => `${column} = ${quoted(text)}`));
}

export function isAnyOf(columns: readonly string[], texts: readonly string[]): string {
  return anyOf(columns.map((column) => inList(column, texts)));
}

/**
 * Every word must stand in one of the columns. LIKE instead of Salesforce's own search (SOSL): that one knows new
 * records only after a while, stops at 2000 rows and has no pages.
 */
export function containsWords(columns: readonly string[], text: string): Condition {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return nothing;
  return words.map((word) => anyOf(columns.map((column) => `${column} LIKE ${contains(word)}`))).join(" AND ");
}

export function since(column: string, date: Date): string {
  return `${column} >= ${dateTime(date)}`;
}

export function until(column: string, date: Date): string {
  return `${column} < ${dateTime(date)}`;
}

/** The most bytes that the addresses of one search take in a URI, which then stays below 4 KB with usual columns. */
const ADDRESSES_MAX = 2_500;

const withAddresses = (addresses: readonly string[]) => inList("Email", addresses);

/** Salesforce compares texts without regard to case. */
export const byEmails: EmailRules<Condition> = {
  batchSize: 40,
  pageSize: 500,
  covers: ["Email"],
  source: "developer.salesforce.com, “SOQL and SOSL Reference”, comparison operators; the URL limits the number",
  condition: withAddresses,
  addressesOf: ({ Email: address }) => (typeof address === "string" ? [address] : []),
  fits: (addresses) => encodedLength(withAddresses(addresses)) <= ADDRESSES_MAX,
};

/** Filters that all objects share. */
export const sharedFilters = {
  ownerId: (value: string): Condition => {
    const id = longId(value);
    return id === null ? nothing : `OwnerId = ${quoted(id)}`;
  },
  ...stampFilters<Condition>("CreatedDate", "SystemModstamp", since, until),
};
