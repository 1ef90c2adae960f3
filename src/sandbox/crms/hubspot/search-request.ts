import { z } from "zod";
import { validationError } from "./errors.js";

const MAX_BODY_CHARACTERS = 3000;
const MAX_LIMIT = 200;
/** Maximum number of results that a search can reach by paging. */
const WINDOW = 10_000;
const MAX_GROUPS = 5;
const MAX_FILTERS_PER_GROUP = 6;
const MAX_FILTERS = 18;

const OPERATORS = [
  "EQ",
  "NEQ",
  "LT",
  "LTE",
  "GT",
  "GTE",
  "BETWEEN",
  "IN",
  "NOT_IN",
  "HAS_PROPERTY",
  "NOT_HAS_PROPERTY",
  "CONTAINS_TOKEN",
  "NOT_CONTAINS_TOKEN",
] as const;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const filter = z.object({
  propertyName: z.string(),
  operator: z.enum(OPERATORS),
  value: text.optional(),
  highValue: text.optional(),
  values: z.array(text).optional(),
});

const sort = z.union([
  z.object({ propertyName: z.string(), direction: z.enum(["ASCENDING", "DESCENDING"]).default("ASCENDING") }),
  // The short form: the property's name, with a minus sign for descending order.
  z.string().transform((rule) => ({
    propertyName: rule.replace(/^-/, ""),
    direction: rule.startsWith("-") ? ("DESCENDING" as const) : ("ASCENDING" as const),
  })),
]);

export const searchBody = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filter) })).default([]),
  query: z.string().nullish(),
  sorts: z.array(sort).default([]),
  properties: z.array(z.string()).default([]),
  limit: z.number().int().default(10),
  after: text.nullish().transform((after) => after ?? "0"),
});

export type SearchRequest = z.output<typeof searchBody>;
export type SearchFilter = z.output<typeof filter>;
export type SearchSort = SearchRequest["sorts"][number];

export function refuseLongSearchBody(characters: number): void {
  if (characters > MAX_BODY_CHARACTERS) {
    throw validationError(
      `The request body is ${characters} characters long; the maximum allowed is ${MAX_BODY_CHARACTERS}.`,
    );
  }
}

export function refuseExcessiveSearch({ filterGroups, sorts, limit, after }: SearchRequest): void {
  const filters = filterGroups.reduce((sum, group) => sum + group.filters.length, 0);
  if (filterGroups.length > MAX_GROUPS) throw validationError(`At most ${MAX_GROUPS} filter groups are allowed.`);
  if (filterGroups.some((group) => group.filters.length > MAX_FILTERS_PER_GROUP)) {
    throw validationError(`At most ${MAX_FILTERS_PER_GROUP} filters are allowed in a filter group.`);
  }
  if (filters > MAX_FILTERS) throw validationError(`At most ${MAX_FILTERS} filters are allowed in a search.`);
  if (sorts.length > 1) throw validationError("Only one sort is allowed.");
  if (limit < 1 || limit > MAX_LIMIT) throw validationError(`The limit must be between 1 and ${MAX_LIMIT}.`);
  if (!/^\d+$/.test(after)) throw validationError(`after is not a valid paging offset: ${after}`);
  if (Number(after) >= WINDOW) throw validationError(`A search cannot page beyond ${WINDOW} results.`);
}
