import { allOf, anyOf } from "../../kit/conditions.js";
import { inOrder } from "../../kit/order.js";
import type { HubSpotAccount } from "./account.js";
import type { StoredRecord, ObjectType } from "./object-types.js";
import { propertyValue, recordToWire } from "./record-view.js";
import { comparable, propertyNamed, type RecordTest, testOf } from "./search-filter.js";
import type { SearchRequest, SearchSort } from "./search-request.js";

/** Searches all live records. A record matches if it passes all filters of at least one group. */
export function search(account: HubSpotAccount, type: ObjectType, request: SearchRequest): Record<string, unknown> {
  const groups = request.filterGroups.map(({ filters }) =>
    allOf(filters.map((filter) => testOf(account, type, filter))),
  );
  const inAnyGroup = anyOf(groups);
  const matchesQuery = queryTest(account, type, request.query ?? "");
  const matching = account
    .indexed(type)
    .filter((record) => (groups.length === 0 || inAnyGroup(record)) && matchesQuery(record));
  const sorted = sortedBy(account, type, request.sorts[0], matching);
  const offset = Number(request.after);
  const end = offset + request.limit;
  const page = sorted.slice(offset, end);
  return {
    total: sorted.length,
    results: page.map((record) => recordToWire(account, record, { properties: request.properties })),
    ...(end < sorted.length ? { paging: { next: { after: String(end) } } } : {}),
  };
}

/** Makes a test of the query: every word must occur in one of the searched properties. */
function queryTest(account: HubSpotAccount, type: ObjectType, query: string): RecordTest {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const digits = query.replace(/\D/g, "");
  const isPhone = digits.length > 5 && /^[\d\s()+./-]+$/.test(query);
  return (record) => {
    const values = type.searchedProperties.map((name) => propertyValue(account, record, name)?.toLowerCase() ?? "");
    if (isPhone) return values.some((value) => isSamePhone(value.replace(/\D/g, ""), digits));
    return words.every((word) => values.some((value) => value.includes(word)));
  };
}

/** Compares two numbers. One of them may have a country code that the other lacks. */
function isSamePhone(stored: string, wanted: string): boolean {
  return stored !== "" && (stored.endsWith(wanted) || (wanted.endsWith(stored) && stored.length > 5));
}

/** Sorts records, by default oldest first. Records without a value come last. */
function sortedBy(
  account: HubSpotAccount,
  type: ObjectType,
  sort: SearchSort | undefined,
  records: StoredRecord[],
): StoredRecord[] {
  if (!sort) return records;
  const property = propertyNamed(type, sort.propertyName);
  const keyOf = (record: StoredRecord) => {
    const value = propertyValue(account, record, property.name);
    return value === null ? null : comparable(property, value);
  };
  return inOrder(records, [{ keyOf, descending: sort.direction === "DESCENDING", emptyLast: true }]);
}
