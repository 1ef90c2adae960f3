import { invalidInput } from "../../../errors/crm-error.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import type { Query } from "./api.js";
import { ID, PROVIDER_NAME } from "./dialect.js";

/** The parameters of a listing or of a search. */
export interface Parameters {
  query?: Query;
  search?: Query;
}
export type Condition = Siftable<Parameters>;

/** @throws CrmError INVALID_INPUT for a term that is too short to search for */
export function searched(value: string): Condition {
  const term = value.trim();
  if ([...term].length < 2)
    throw invalidInput({ "filter.search": `${PROVIDER_NAME} needs at least two characters for a search.` });
  return { search: { term } };
}

export function passesOwner(value: string): Condition {
  if (!ID.test(value)) throw invalidInput({ "filter.ownerId": `Expected the id of a ${PROVIDER_NAME} user.` });
  return new Sifted({ query: { owner_id: value } }, ({ owner_id: id }) => String(id) === value);
}

export const passesSince = (value: Date) =>
  new Sifted(
    { query: { updated_since: moment(value) } },
    ({ update_time: time }) => Date.parse(String(time)) >= value.getTime(),
  );

export const passesUntil = (value: Date) =>
  new Sifted(
    { query: { updated_until: moment(value) } },
    ({ update_time: time }) => Date.parse(String(time)) < value.getTime(),
  );

function moment(value: Date): string {
  return value.toISOString().replace(".000Z", "Z");
}
