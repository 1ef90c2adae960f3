import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js";
import { asDouble } from "../../kit/exact-number.js";
import { fixedUuid, isUuid } from "../../kit/uuid.js";
import type { Attribute, ObjectType } from "./attributes.js";
import { invalid, invalidValue } from "./errors.js";
import { stampOf } from "./times.js";

/** The content of a value, without its start and its author. */
export type ValueBody = Readonly<Record<string, unknown>>;

export interface StoredValue {
  activeFrom: string;
  /** null for the current value. */
  activeUntil: string | null;
  body: ValueBody;
}

/** The data to which a value may refer. */
export interface Referents {
  workspaceId: string;
  members: readonly { id: string; email: string }[];
  object(slugOrId: string): ObjectType | null;
  hasRecord(object: ObjectType, id: string): boolean;
  findRecord(object: ObjectType, attribute: string, text: string): string | null;
}

/**
 * Converts a written attribute to its stored values. The input is one value or a list, and each value may have one of
 * several forms. null and [] mean no value.
 * @throws AttioError
 */
export function writtenValues(
  attribute: Attribute,
  written: unknown,
  referents: Referents,
  object: ObjectType,
): ValueBody[] {
  if (!attribute.isWritable) {
    throw invalid("system_edit_unauthorized", `Cannot edit attribute with slug "${attribute.slug}".`);
  }
  const items = written === null ? [] : Array.isArray(written) ? (written as unknown[]) : [written];
  if (items.length > 1 && !attribute.isMultiselect) {
    throw invalidValue(attribute.slug, "Only one value is allowed for single-select attributes.");
  }
  return items.map((item) => valueOf(attribute, item, referents, object));
}

function valueOf(attribute: Attribute, written: unknown, referents: Referents, object: ObjectType): ValueBody {
  const { slug } = attribute;
  // Numbers are 64-bit floats.
  const item = asDouble(written);
  const parts = (typeof item === "object" && item !== null ? item : {}) as Record<string, unknown>;
  const isObject = typeof item === "object" && item !== null;
  const given = (member: string) => (isObject ? parts[member] : item);
  const refuse = (message: string, ...path: string[]): never => {
    throw invalidValue(slug, message, path);
  };
  const text = (member: string): string => {
    const value = given(member);
    return typeof value === "string" ? value : refuse("Expected string.", member);
  };
  switch (attribute.type) {
    case "text":
      return { value: text("value") };
    case "number":
    case "rating": {
      const value = Number(given("value"));
      if (typeof given("value") === "boolean" || Number.isNaN(value)) refuse("Expected number.", "value");
      return { value };
    }
    case "checkbox": {
      const value = given("value");
      return { value: typeof value === "boolean" ? value : refuse("Expected boolean.", "value") };
    }
    case "currency": {
      const value = Number(given("currency_value"));
      if (Number.isNaN(value)) refuse("Expected number.", "currency_value");
      return { currency_value: value, currency_code: parts["currency_code"] ?? "USD" };
    }
    case "date":
      return { value: stampOf(given("value"))?.slice(0, 10) ?? refuse("Invalid date.", "value") };
    case "timestamp":
      return { value: stampOf(given("value")) ?? refuse("Invalid timestamp.", "value") };
    case "select":
    case "status": {
      const member = attribute.type === "select" ? "option" : "status";
      const title = attribute.choices.find((choice) =>
        [choice, choiceId(attribute, choice)].includes(String(given(member))),
      );
      if (title === undefined) {
        throw invalid(
          "value_not_found",
          `Cannot find ${member} "${String(given(member))}" for attribute with slug "${slug}".`,
        );
      }
      return { [member]: choiceOf(attribute, title, referents.workspaceId, object) };
    }
    case "record-reference":
      return recordReference(attribute, parts, referents);
    case "actor-reference": {
      const named = parts["referenced_actor_id"] ?? parts["workspace_member_email_address"] ?? item;
      const member = referents.members.find(({ id, email }) => named === id || named === email);
      if (!member) throw invalid("value_not_found", `Cannot find workspace member for attribute with slug "${slug}".`);
      return { referenced_actor_type: "workspace-member", referenced_actor_id: member.id };
    }
    case "location":
      return location(parts, isObject, refuse);
    case "domain": {
      const domain = text("domain").toLowerCase();
      return { domain, root_domain: rootDomain(domain) };
    }
    case "email-address": {
      const original = text("email_address");
      const address = original.trim().toLowerCase();
      const [, local, domain] = /^([^\s@]+)@([^\s@]+\.[^\s@]+)$/.exec(address) ?? [];
      if (local === undefined || domain === undefined) return refuse("Invalid email address.", "email_address");
      return {
        original_email_address: original,
        email_address: address,
        email_domain: domain,
        email_root_domain: rootDomain(domain),
        email_local_specifier: local,
      };
    }
    case "phone-number":
      return phoneNumber(text("original_phone_number"), parts["country_code"], refuse);
    case "personal-name":
      return personalName(item, parts, refuse);
    case "interaction":
      return parts;
  }
}

function recordReference({ slug }: Attribute, parts: Record<string, unknown>, referents: Referents): ValueBody {
  const object = referents.object(String(parts["target_object"]));
  if (!object) throw invalidValue(slug, "Required", ["target_object"]);
  const { target_object: _object, target_record_id: id, ...matching } = parts;
  const [[by, values] = []] = Object.entries(matching);
  const found =
    id !== undefined
      ? isUuid(id) && referents.hasRecord(object, id)
        ? id
        : null
      : by === undefined
        ? null
        : referents.findRecord(object, by, String(Object.values((values as ValueBody[])[0] ?? {})[0]));
  if (found === null) {
    throw invalid("value_not_found", `Cannot find the record that was passed to attribute with slug "${slug}".`);
  }
  return { target_object: object.slug, target_record_id: found };
}

const LOCATION_PARTS = ["line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code"];

function location(
  parts: Record<string, unknown>,
  isObject: boolean,
  refuse: (message: string, ...path: string[]) => never,
): ValueBody {
  if (!isObject) return { ...noLocation(), line_1: refuse("Expected object.") };
  for (const name of [...LOCATION_PARTS, "latitude", "longitude"]) {
    const value = parts[name];
    if (value !== null && typeof value !== "string") refuse("Required", name);
  }
  const country = parts["country_code"];
  if (typeof country === "string" && !/^[A-Z]{2}$/.test(country)) refuse("Invalid enum value.", "country_code");
  return { ...noLocation(), ...parts };
}

function noLocation(): Record<string, unknown> {
  return Object.fromEntries([...LOCATION_PARTS, "latitude", "longitude"].map((name) => [name, null]));
}

function phoneNumber(original: string, country: unknown, refuse: (message: string, ...path: string[]) => never) {
  const parsed = parsePhoneNumberFromString(original, country as CountryCode | undefined);
  if (!parsed?.isPossible()) {
    return refuse("Invalid phone number, possibly due to missing country information.", "original_phone_number");
  }
  const countryCode = parsed.country ?? parsed.getPossibleCountries()[0];
  return { original_phone_number: original, country_code: countryCode, phone_number: parsed.number };
}

/** Reads a name. A text has the short form `Last, First`. In an object, each part is optional. */
function personalName(
  item: unknown,
  parts: Record<string, unknown>,
  refuse: (message: string, ...path: string[]) => never,
): ValueBody {
  if (typeof item === "string") {
    const [last = "", first = ""] = item.split(",").map((part) => part.trim());
    return { first_name: first, last_name: last, full_name: [first, last].filter((part) => part !== "").join(" ") };
  }
  for (const name of ["first_name", "last_name", "full_name"]) {
    if (parts[name] !== undefined && typeof parts[name] !== "string") refuse("Expected string.", name);
  }
  const { first_name: first = "", last_name: last = "" } = parts;
  const joined = [first, last].filter((part) => part !== "").join(" ");
  return { first_name: first, last_name: last, full_name: parts["full_name"] ?? joined };
}

export function choiceId({ id }: Attribute, title: string): string {
  return fixedUuid(id, title);
}

/** Builds the value of an option or a status. */
export function choiceOf(attribute: Attribute, title: string, workspaceId: string, object: ObjectType): ValueBody {
  const own = { workspace_id: workspaceId, object_id: object.id, attribute_id: attribute.id };
  return attribute.type === "select"
    ? { id: { ...own, option_id: choiceId(attribute, title) }, title, is_archived: false }
    : {
        id: { ...own, status_id: choiceId(attribute, title) },
        title,
        is_archived: false,
        celebration_enabled: false,
        target_time_in_status: null,
      };
}

function rootDomain(domain: string): string {
  return domain.split(".").slice(-2).join(".");
}
