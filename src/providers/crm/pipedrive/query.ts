import { invalidInput } from "../../../errors/crm-error.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { id, nullable, optional } from "../../../upstream/decode.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { memberAt, needed } from "../../mapping/members.js";
import type { Query } from "./api.js";
import { ID, PROVIDER_NAME } from "./dialect.js";

/** The parameters of a listing or of a search. */
export interface Parameters {
  query?: Query;
  /** A search takes one term. Of several searches, the results are joined. */
  searches?: readonly Query[];
}
export type Condition = Siftable<Parameters>;

/** @throws CrmError INVALID_INPUT for a term that is too short to search for */
export function searched(value: string): Condition {
  const term = value.trim();
  if ([...term].length < 2)
    throw invalidInput({ "filter.search": `${PROVIDER_NAME} needs at least two characters for a search.` });
  return { searches: [{ term }] };
}

export function passesOwner(value: string): Condition {
  if (!ID.test(value)) throw invalidInput({ "filter.ownerId": `Expected the id of a ${PROVIDER_NAME} user.` });
  return new Sifted({ query: { owner_id: value } }, (native) => memberAt(native, "owner_id", owner) === value);
}

export const passesSince = (value: Date) =>
  new Sifted({ query: { updated_since: moment(value) } }, (native) => changedAt(native) >= value.getTime());

export const passesUntil = (value: Date) =>
  new Sifted({ query: { updated_until: moment(value) } }, (native) => changedAt(native) < value.getTime());

const owner = optional(nullable(id));

function changedAt(native: NativeRecord): number {
  return Date.parse(needed(readDateTime(native["update_time"]), "update_time", "a time"));
}

function moment(value: Date): string {
  return value.toISOString().replace(".000Z", "Z");
}
