import type { ProviderContext } from "../../contract/contract.js";
import { longId } from "./ids.js";
import { anyOf, contains, dateTime, quoted } from "./soql.js";

/** One unified filter as a SOQL condition, or as alternatives that another call must find out first. */
export type Condition = string | ((context: ProviderContext) => Promise<readonly string[]>);

/** What no record can fulfil: asked of Salesforce, it would be refused instead of finding nothing. */
const nothing: Condition = () => Promise.resolve([]);

export function equalsAny(columns: readonly string[], text: string): string {
  return anyOf(columns.map((column) => `${column} = ${quoted(text)}`));
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

/** The filters that every object has alike. */
export const sharedFilters = {
  ownerId: (value: string): Condition => {
    const id = longId(value);
    return id === null ? nothing : `OwnerId = ${quoted(id)}`;
  },
  createdSince: (value: Date): Condition => since("CreatedDate", value),
  createdUntil: (value: Date): Condition => until("CreatedDate", value),
  updatedSince: (value: Date): Condition => since("SystemModstamp", value),
  updatedUntil: (value: Date): Condition => until("SystemModstamp", value),
};
