import type { OverColumns } from "../../contract/columns.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { stampFilters } from "../../mapping/stamp-filters.js";
import { flat, readText } from "./dialect.js";

/**
 * A part of the `filter` parameter. Its grammar knows no way to write a quote or a bracket inside a value. The filter has
 * "any character" in such a place, and the found records are sifted.
 * Source: packages/twenty-server/src/engine/api/rest/input-request-parsers/filter-parser-utils of twentyhq/twenty.
 */
export type Condition = Siftable<string>;
/** A filter, which may be over fields that not every workspace has. */
export type Filter = Condition | OverColumns<Condition>;

/** @param passes takes the record with the parts of composite fields beside the others */
export const sifted = (filter: string, passes: (flat: NativeRecord) => boolean) =>
  new Sifted(filter, (record) => passes(flat(record)));

export const allOf = (filters: readonly string[]): string => `and(${filters.join(",")})`;
export const anyOf = (filters: readonly string[]): string => `or(${filters.join(",")})`;
export const idIn = (field: string, ids: readonly string[]): string => `${field}[in]:[${ids.join(",")}]`;
export const since = (field: string, at: Date): string => `${field}[gte]:"${at.toISOString()}"`;
export const until = (field: string, at: Date): string => `${field}[lt]:"${at.toISOString()}"`;

export const timeFilters = stampFilters("createdAt", "updatedAt", since, until);

/** Characters that would end a value or break the server's count of brackets and quotes. */
const UNSPEAKABLE = /["'()[\]\p{C}\p{Zl}\p{Zp}]/gu;

/** A text within a LIKE pattern: wildcards are escaped, what cannot be written is any character. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, "\\$&").replace(UNSPEAKABLE, "_");

/** Every word of the text in any of the fields. */
export function containsWords(fields: readonly string[], text: string): Condition {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const anywhere = (word: string) => anyOf(fields.map((field) => `${field}[ilike]:"%${likeText(word)}%"`));
  const filter = words.length === 0 ? "id[is]:NOT_NULL" : allOf(words.map(anywhere));
  if (text.search(UNSPEAKABLE) < 0) return filter;
  const has = (value: unknown, word: string) => readText(value)?.toLowerCase().includes(word.toLowerCase());
  return sifted(filter, (record) => words.every((word) => fields.some((field) => has(record[field], word))));
}
