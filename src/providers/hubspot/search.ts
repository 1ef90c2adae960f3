import { invalidInput } from "../../errors/crm-error.js";
import type { ProviderContext } from "../contract.js";

export interface SearchFilter {
  propertyName: string;
  operator: "EQ" | "IN" | "GTE" | "LT" | "CONTAINS_TOKEN";
  value?: string;
  values?: string[];
}

/** One unified filter in the words of HubSpot's search. */
export interface SearchCondition {
  /** Alternatives, each a list of filters that must all hold. */
  anyOf?: SearchFilter[][];
  query?: string;
  /** Alternatives that another call must find out first. */
  resolve?(context: ProviderContext): Promise<SearchFilter[][]>;
}

/** Bounds of one search (developers.hubspot.com, "Search the CRM"); the strictest of the documented ones. */
const MAX_GROUPS = 5;
const MAX_FILTERS_PER_GROUP = 6;
const MAX_FILTERS = 18;
/** HubSpot searches no further than this. */
export const SEARCH_WINDOW = 10_000;

export function equals(propertyName: string, value: string): SearchFilter {
  return { propertyName, operator: "EQ", value };
}

export function containsToken(propertyName: string, value: string): SearchFilter {
  return { propertyName, operator: "CONTAINS_TOKEN", value };
}

export function since(propertyName: string, date: Date): SearchCondition {
  return { anyOf: [[{ propertyName, operator: "GTE", value: String(date.getTime()) }]] };
}

export function until(propertyName: string, date: Date): SearchCondition {
  return { anyOf: [[{ propertyName, operator: "LT", value: String(date.getTime()) }]] };
}

export interface SearchTerms {
  filterGroups: { filters: SearchFilter[] }[];
  query?: string;
}

/**
 * Joins conditions that must all hold into HubSpot's "or of ands"; null when one of them can match nothing.
 * @throws CrmError INVALID_INPUT when that is more than one search takes
 */
export async function searchTerms(
  context: ProviderContext,
  conditions: readonly SearchCondition[],
): Promise<SearchTerms | null> {
  let groups: SearchFilter[][] = [[]];
  let query: string | undefined;
  for (const condition of conditions) {
    query = condition.query ?? query;
    const alternatives = condition.resolve ? await condition.resolve(context) : condition.anyOf;
    if (!alternatives) continue;
    if (alternatives.length === 0) return null;
    groups = groups.flatMap((group) => alternatives.map((filters) => [...group, ...filters]));
  }
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  if (
    groups.length > MAX_GROUPS ||
    total > MAX_FILTERS ||
    groups.some((group) => group.length > MAX_FILTERS_PER_GROUP)
  ) {
    throw invalidInput({ filter: "HubSpot cannot apply so many filters at once; leave some out." });
  }
  return {
    filterGroups: groups.filter((group) => group.length > 0).map((filters) => ({ filters })),
    ...(query === undefined ? {} : { query }),
  };
}
