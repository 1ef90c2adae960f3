import type { Provider } from "../../../providers/contract/contract.js";
import type { AnyFieldMap } from "../../../providers/contract/field-map.js";
import type { ResourceName } from "../../../providers/contract/model.js";
import { KEY_FIELDS, type MergeKey } from "./rank.js";

/**
 * How the records of one CRM come into the order of a merged page: the CRM sorts and filters them itself (NATIVE), crmesh reads
 * them all and does so (WINDOW), or not at all.
 */
export type Support =
  { way: "NATIVE" } | { way: "WINDOW"; judged: readonly TimeFilter[] } | { way: "UNSUPPORTED"; reason: string };

/** A filter by time, which can be judged from a record. */
export interface TimeFilter {
  name: string;
  field: string;
  bound: "since" | "until";
}

/** The filters that can be judged from a record. */
export const TIME_FILTERS: readonly TimeFilter[] = [
  { name: "createdSince", field: "createdAt", bound: "since" },
  { name: "createdUntil", field: "createdAt", bound: "until" },
  { name: "updatedSince", field: "updatedAt", bound: "since" },
  { name: "updatedUntil", field: "updatedAt", bound: "until" },
  { name: "startsSince", field: "startAt", bound: "since" },
  { name: "startsUntil", field: "startAt", bound: "until" },
];

/** @param filters the names of the filters that are set */
export function supportOf(
  { name, resources }: Pick<Provider, "name" | "resources">,
  resource: ResourceName,
  key: MergeKey,
  filters: readonly string[],
): Support {
  const map: AnyFieldMap | undefined = resources[resource]?.map;
  if (!map) return { way: "UNSUPPORTED", reason: `${name} does not support ${resource}s.` };
  const field = KEY_FIELDS[key];
  if (!map.fields[field]) return { way: "UNSUPPORTED", reason: `${name} does not store ${field} of ${resource}s.` };
  const others = filters.filter((filter) => !map.filters[filter]);
  const judged = TIME_FILTERS.filter((filter) => others.includes(filter.name) && map.fields[filter.field]);
  const lacking = others.filter((filter) => !judged.some((known) => known.name === filter));
  if (lacking.length > 0)
    return { way: "UNSUPPORTED", reason: `${name} cannot filter ${resource}s by ${lacking.join(", ")}.` };
  return map.orders[key] !== undefined && judged.length === 0 ? { way: "NATIVE" } : { way: "WINDOW", judged };
}

/** The filters that the CRM is asked to apply. */
export function withoutJudged<Filter extends object>(filter: Filter, judged: readonly TimeFilter[]): Filter {
  const names = new Set(judged.map(({ name }) => name));
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !names.has(name))) as Filter;
}
