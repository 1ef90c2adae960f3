import type { OrderBy } from "../../../providers/contract/input.js";
import type { ResourceName, UnifiedRecord } from "../../../providers/contract/model.js";

/** The keys of merged pages. NAME is none of them, because each CRM compares texts in its own way. */
export const MERGE_KEYS = {
  contact: ["CREATED_AT", "UPDATED_AT"],
  lead: ["CREATED_AT", "UPDATED_AT"],
  meeting: ["CREATED_AT", "UPDATED_AT", "STARTS_AT"],
} as const satisfies Record<ResourceName, readonly OrderBy["field"][]>;

export type MergeKey = (typeof MERGE_KEYS)[ResourceName][number];

/** The field of a record that a key compares. */
export const KEY_FIELDS = {
  CREATED_AT: "createdAt",
  UPDATED_AT: "updatedAt",
  STARTS_AT: "startAt",
} as const satisfies Record<MergeKey, string>;

export interface MergeOrder {
  field: MergeKey;
  direction: "ASC" | "DESC";
}

export function defaultOrder(resource: ResourceName): MergeOrder {
  return { field: resource === "meeting" ? "STARTS_AT" : "CREATED_AT", direction: "ASC" };
}

/**
 * The place of a record in the order, as a number: smaller ranks come first. Milliseconds since the epoch, negated in a
 * descending order; Infinity for a record without the time, which comes last.
 */
export type Rank = number;

/** The rank of a stream of which no record was taken yet. */
export const BEFORE_ALL: Rank = -Infinity;

export function rankOf({ fields }: Pick<UnifiedRecord, "fields">, { field, direction }: MergeOrder): Rank {
  const value = (fields as Readonly<Record<string, unknown>>)[KEY_FIELDS[field]];
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) return Infinity;
  return direction === "DESC" ? -time : time;
}

/** A place in the order of several streams. Equal ranks are ordered by the ids of the connections. */
export interface Place {
  rank: Rank;
  connectionId: string;
}

export function isBefore(one: Place, other: Place): boolean {
  return one.rank < other.rank || (one.rank === other.rank && one.connectionId < other.connectionId);
}
