import { invalidInput } from "../../../errors/crm-error.js";
import type { NativeRecord } from "../../contract/field-map.js";
import type { Query } from "./api.js";
import { ID, PROVIDER_NAME } from "./dialect.js";

/** One filter: parameters of a listing or a search, and the check of a record if these match too much. */
export interface Condition {
  query?: Query;
  search?: Query;
  passes?(native: NativeRecord): boolean;
}

/** @throws CrmError INVALID_INPUT for a term that is too short to search for */
export function searched(value: string): Condition {
  const term = value.trim();
  if ([...term].length < 2)
    throw invalidInput({ "filter.search": `${PROVIDER_NAME} needs at least two characters for a search.` });
  return { search: { term } };
}

export function passesOwner(value: string): Condition {
  if (!ID.test(value)) throw invalidInput({ "filter.ownerId": `Expected the id of a ${PROVIDER_NAME} user.` });
  return { query: { owner_id: value }, passes: ({ owner_id: id }) => String(id) === value };
}

export const passesSince = (value: Date): Condition => ({
  query: { updated_since: moment(value) },
  passes: ({ update_time: time }) => Date.parse(String(time)) >= value.getTime(),
});

export const passesUntil = (value: Date): Condition => ({
  query: { updated_until: moment(value) },
  passes: ({ update_time: time }) => Date.parse(String(time)) < value.getTime(),
});

function moment(value: Date): string {
  return value.toISOString().replace(".000Z", "Z");
}
