import type { EmailRules } from "../../contract/field-map.js";
import type { ProviderContext } from "../../contract/contract.js";
import { overColumns, type OverColumns } from "../../contract/columns.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { readText } from "../../mapping/json-dialect.js";
import { extended, phoneNotations, plainNumber } from "../../mapping/phone-notations.js";
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

/** A text in the pattern of a LIKE; its own `%` and `_` stand for themselves. */
const literally = (text: string) => escaped(text).replace(/[%_]/g, (wildcard) => `\\${wildcard}`);
/** The pattern of a LIKE that finds the text anywhere. */
const contains = (text: string) => `'%${literally(text)}%'`;

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

/** The most bytes of a query that the caller's filters may take. */
export const FILTERS_MAX = 2_500;

/** One unified filter as a SOQL condition, or as a function that resolves alternative conditions by another call. */
export type Condition = string | ((context: ProviderContext) => Promise<readonly string[]>);

/** One unified filter, which may be over columns that not every account has. */
export type Filter = Condition | OverColumns<Siftable<Condition>>;

/** Matches nothing, without a call: Salesforce would refuse such a query instead of finding nothing. */
const nothing: Condition = () => Promise.resolve([]);

export function equalsAny(columns: readonly string[], text: string): string {
  return anyOf(columns.map((column) => `${column} = ${quoted(text)}`));
}

function isAnyOf(columns: readonly string[], texts: readonly string[]): string {
  return anyOf(columns.map((column) => inList(column, texts)));
}

/**
 * Numbers in their usual notations. Those with an extension have more than a URL has room for, so the pattern leaves open
 * what stands between number and extension, and what is found is compared.
 */
export const hasPhone = (phones: readonly string[]) =>
  overColumns(phones, (columns, value: string): Siftable<Condition> => {
    const parts = extended(value);
    if (!parts) return isAnyOf(columns, phoneNotations(value));
    const patterns = parts.numbers.map((number) => `'${literally(number)}%${literally(parts.extension)}'`);
    const wanted = plainNumber(value);
    return new Sifted(
      anyOf(columns.flatMap((column) => patterns.map((pattern) => `${column} LIKE ${pattern}`))),
      (record) => columns.some((column) => plainNumber(readText(record[column]) ?? "") === wanted),
      columns,
    );
  });

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
const ADDRESSES_MAX = FILTERS_MAX;

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
