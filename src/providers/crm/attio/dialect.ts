import type { NativeRecord } from "../../contract/field-map.js";
import { membersOf, objectsIn } from "../../kit/answer.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readDateTime, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Attio";

/**
 * Converts a record into the form that field maps read: attribute slug → current values. Attio's lists of values can
 * include former values, which have `active_until`.
 */
export function flat({ id, values, created_at, web_url: $url }: NativeRecord): NativeRecord {
  const current = (all: unknown) => objectsIn(all).filter((value) => (value["active_until"] ?? null) === null);
  const attributes = Object.entries(membersOf(values)).map(([slug, all]): [string, unknown] => [slug, current(all)]);
  return { ...Object.fromEntries(attributes), created_at, $url, $id: membersOf(id)["record_id"] };
}

/** Members that hold the content of a value, by the type of the value. Source: docs.attio.com, "Attribute types". */
const SCALARS = ["value", "currency_value", "full_name", "email_address", "phone_number", "domain"];
const REFERENCES = ["target_record_id", "referenced_actor_id", "interacted_at"];
const LOCATION = ["line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code"];

/** The content of a value of any type, as a text, number or boolean. */
export function scalar(value: NativeRecord): unknown {
  const choice = value["option"] ?? value["status"];
  if (choice !== undefined) return membersOf(choice)["title"] ?? choice;
  const member = [...SCALARS, ...REFERENCES].find((name) => name in value);
  return member ? value[member] : LOCATION.flatMap((name) => readText(value[name]) ?? []).join(", ");
}

/** The first value of an attribute. */
const first = (value: unknown) => (Array.isArray(value) ? scalar(membersOf(value[0])) : value);

export const dialect = jsonDialect(PROVIDER_NAME, {
  cleared: [],
  readText: (value) => readText(first(value)),
  readDateTime: (value) => readDateTime(first(value)),
});
export const kit = fieldKit(dialect);
/** The kit for members of a response that are not attributes. */
export const plainKit = fieldKit(jsonDialect(PROVIDER_NAME));

/** An all-day meeting has dates, and its end is the day after its last day. Other meetings have datetimes. */
export function instant(meeting: NativeRecord, member: "start" | "end"): string | null {
  const { date, datetime } = membersOf(meeting[member]);
  return readDateTime(date ?? datetime);
}

export const lowered = (email: unknown) => readText(email)?.toLowerCase() ?? null;
