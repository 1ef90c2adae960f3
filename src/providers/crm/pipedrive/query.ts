import { invalidInput } from "../../../errors/crm-error.js";
import { Sifted, type Siftable } from "../../kit/sifted.js";
import { id, nullable, optional } from "../../../upstream/decode.js";
import type { EmailRules, NativeRecord } from "../../contract/field-map.js";
import { readDateTime, readText } from "../../mapping/json-dialect.js";
import { memberAt, needed, objectsAt } from "../../mapping/members.js";
import { BATCH_MAX, SEARCHES, type Query } from "./api.js";
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

const exactly = (fields: "email" | "phone", term: string): Query => ({ term, fields, exact_match: "true" });

/** Pipedrive's search also finds other records, so crmesh compares the entries of each record that it finds. */
export function withEntry(native: string, field: "email" | "phone", ...texts: readonly string[]): Condition {
  const terms = texts.map((text) => text.trim().toLowerCase());
  if (terms[0] === "") throw invalidInput({ [`filter.${field}`]: "Expected a non-empty text." });
  return new Sifted({ searches: terms.map((term) => exactly(field, term)) }, (record) =>
    entriesOf(record, native).some((value) => terms.includes(value.toLowerCase())),
  );
}

function entriesOf(person: NativeRecord, native: string): string[] {
  return objectsAt(person, native).flatMap(({ value }) => readText(value) ?? []);
}

/** A search finds one address. The persons that several searches find are read by one call. */
export const byEmails: EmailRules<Condition> = {
  batchSize: SEARCHES,
  pageSize: BATCH_MAX,
  covers: ["emails"],
  source: "developers.pipedrive.com, “Search persons”: one term a call",
  condition: (addresses) => ({ searches: addresses.map((address) => exactly("email", address)) }),
  addressesOf: (person) => entriesOf(person, "emails"),
  isUnordered: true,
};

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
