import { membersOf } from "../../kit/classifier.js";
import { fieldKit } from "../../mapping/field-kit.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { jsonDialect, readDateTime, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Attio";

/** The objects of a JSON list; none where it is no list. */
export function listOf(value: unknown): NativeRecord[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}

/** A record as field maps read it: slug → current values. In Attio's lists of values those that have ended can come along. */
export function flat({ id, values, created_at, web_url: $url }: NativeRecord): NativeRecord {
  const current = (all: unknown) => listOf(all).filter((value) => (value["active_until"] ?? null) === null);
  const attributes = Object.entries(membersOf(values)).map(([slug, all]) => [slug, current(all)]);
  return { ...Object.fromEntries(attributes), created_at, $url, $id: membersOf(id)["record_id"] };
}

/** Where values say what they say, by their types. Source: docs.attio.com, "Attribute types". */
const SCALARS = ["value", "currency_value", "full_name", "email_address", "phone_number", "domain"];
const REFERENCES = ["target_record_id", "referenced_actor_id", "interacted_at"];
const LOCATION = ["line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code"];

/** What a value of any type says, as a text, number or boolean. */
export function scalar(value: NativeRecord): unknown {
  const choice = value["option"] ?? value["status"];
  if (choice !== undefined) return membersOf(choice)["title"] ?? choice;
  const member = [...SCALARS, ...REFERENCES].find((name) => name in value);
  return member ? value[member] : LOCATION.flatMap((name) => readText(value[name]) ?? []).join(", ");
}

/** Of an attribute, its first value. */
const first = (value: unknown) => (Array.isArray(value) ? scalar(membersOf(value[0])) : value);

export const dialect = jsonDialect(PROVIDER_NAME, {
  cleared: [],
  readText: (value) => readText(first(value)),
  readDateTime: (value) => readDateTime(first(value)),
});
export const kit = fieldKit(dialect);
/** For what is no attribute. */
export const plainKit = fieldKit(jsonDialect(PROVIDER_NAME));
