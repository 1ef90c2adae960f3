import { invalidInput } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { stampFilters } from "../../mapping/stamp-filters.js";
import { ADDRESS_PROPERTIES, addressesOf } from "./dialect.js";

export interface SearchFilter {
  propertyName: string;
  operator: "EQ" | "IN" | "NOT_IN" | "GTE" | "LT" | "CONTAINS_TOKEN" | "HAS_PROPERTY" | "NOT_HAS_PROPERTY";
  value?: string;
  values?: string[];
}

/** One unified filter in the terms of HubSpot's search. */
export interface SearchCondition {
  /** Alternatives, each a list of filters that must all hold. An empty list matches nothing. */
  anyOf?: SearchFilter[][];
  query?: string;
  /** Resolves alternatives that need another call first. */
  resolve?(context: ProviderContext): Promise<SearchFilter[][]>;
}
export type Condition = Siftable<SearchCondition>;

/** Bounds of one search (developers.hubspot.com, "Search the CRM"); the strictest of the documented ones. */
const MAX_GROUPS = 5;
const MAX_FILTERS_PER_GROUP = 6;
const MAX_FILTERS = 18;
/** The most characters of a search's body. */
const MAX_BODY = 3_000;
/** A page of a search takes as much of the body: a filter more in each group, properties, and the order. */
const BODY_OF_A_PAGE = 1_000;
/** A search ends after this many records. */
export const SEARCH_WINDOW = 10_000;

export function equals(propertyName: string, value: string): SearchFilter {
  return { propertyName, operator: "EQ", value };
}

/** HubSpot compares texts in lower case, and expects the values so. */
export function isAnyOf(propertyName: string, values: readonly string[]): SearchFilter {
  return { propertyName, operator: "IN", values: values.map((value) => value.toLowerCase()) };
}

/** Finds records that have every word of the text, in any case and order. A text without words finds none. */
export function containsWords(propertyName: string, text: string): SearchFilter[][] {
  // A star is a wildcard there, and a value of punctuation alone would match everything.
  const value = text.replaceAll("*", " ").trim();
  return /[\p{L}\p{N}]/u.test(value) ? [[{ propertyName, operator: "CONTAINS_TOKEN", value }]] : [];
}

/** Filters that all object types share. */
export function sharedFilters(created: string, updated: string) {
  return {
    search: (value: string): SearchCondition => ({ query: value }),
    ownerId: (value: string): SearchCondition => ({ anyOf: [[equals("hubspot_owner_id", value)]] }),
    ...stampFilters<SearchCondition>(
      created,
      updated,
      (property, at) => ({ anyOf: [[atLeast(property, at)]] }),
      (property, at) => ({ anyOf: [[before(property, at)]] }),
    ),
  };
}

export function atLeast(propertyName: string, date: Date): SearchFilter {
  return { propertyName, operator: "GTE", value: String(date.getTime()) };
}

export function before(propertyName: string, date: Date): SearchFilter {
  return { propertyName, operator: "LT", value: String(date.getTime()) };
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
    groups = groups
      .flatMap((group) => alternatives.map((filters) => joined(group, filters)))
      .filter((group) => !contradictsItself(group));
    if (groups.length === 0) return null;
  }
  if (!isWithinBounds(groups)) {
    throw invalidInput({ filter: "HubSpot cannot apply so many filters in one search. Remove some of them." });
  }
  return {
    filterGroups: groups.filter((group) => group.length > 0).map((filters) => ({ filters })),
    ...(query === undefined ? {} : { query }),
  };
}

function isWithinBounds(groups: readonly (readonly SearchFilter[])[]): boolean {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  return (
    groups.length <= MAX_GROUPS &&
    total <= MAX_FILTERS &&
    groups.every((group) => group.length <= MAX_FILTERS_PER_GROUP)
  );
}

/** Requires one filter more of every record. */
export function withOneMore({ filterGroups, ...terms }: SearchTerms, filter: SearchFilter): SearchTerms {
  const groups = filterGroups.length === 0 ? [{ filters: [] }] : filterGroups;
  return { ...terms, filterGroups: groups.map(({ filters }) => ({ filters: [...filters, filter] })) };
}

/** Whether HubSpot takes a search with one filter more in every group. */
export function takesOneMore(terms: SearchTerms): boolean {
  const groups = withOneMore(terms, atLeast("", new Date(0))).filterGroups.map(({ filters }) => filters);
  return isWithinBounds(groups) && JSON.stringify(terms).length + BODY_OF_A_PAGE <= MAX_BODY;
}

/** Whether HubSpot takes a search of this length. */
export function isSearchable(body: unknown): boolean {
  return JSON.stringify(body).length <= MAX_BODY;
}

function joined(group: readonly SearchFilter[], filters: readonly SearchFilter[]): SearchFilter[] {
  const added = filters.filter((filter) => !group.some((other) => isSame(filter, other)));
  return [...group, ...added];
}

function isSame(one: SearchFilter, other: SearchFilter): boolean {
  return (
    one.propertyName === other.propertyName &&
    one.operator === other.operator &&
    one.value === other.value &&
    !one.values
  );
}

/** A property that must be absent cannot have a value as well. */
function contradictsItself(group: readonly SearchFilter[]): boolean {
  const absent = group.filter(({ operator }) => operator === "NOT_HAS_PROPERTY");
  return absent.some(({ propertyName }) =>
    group.some((other) => other.propertyName === propertyName && other.operator !== "NOT_HAS_PROPERTY"),
  );
}

/** Finds contacts by any of their e-mail addresses. */
export function byAddress(address: string): Condition {
  const passes = (contact: NativeRecord) => hasAddress(contact["properties"] as NativeRecord, address);
  return new Sifted({ anyOf: withAddress(address) }, passes, ADDRESS_PROPERTIES);
}

/** All first addresses take one group of filters, and each further address takes a group of its own. */
export const ADDRESSES_MAX = MAX_GROUPS - 1;

/** Finds contacts that may have one of the addresses, which are in lower case. */
export function byAddresses(addresses: readonly string[]): SearchCondition {
  const first: SearchFilter = { propertyName: "email", operator: "IN", values: [...addresses] };
  return { anyOf: [[first], ...addresses.flatMap((address) => containsWords("hs_additional_emails", address))] };
}

/** Alternatives that find contacts which may have the e-mail address; `hasAddress` checks which do. */
export function withAddress(address: string): SearchFilter[][] {
  const value = address.trim().toLowerCase();
  return [[equals("email", value)], ...containsWords("hs_additional_emails", value)];
}

/** HubSpot matches further addresses by single words, which other addresses may share, so each result is checked. */
export function hasAddress(properties: NativeRecord, address: string): boolean {
  return addressesOf(properties).some((own) => own.toLowerCase() === address.trim().toLowerCase());
}
