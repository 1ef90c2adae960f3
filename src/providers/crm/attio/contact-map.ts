import {
  FieldProblem,
  type CompositeInput,
  type FieldEntry,
  type FieldMap,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { AddressInput, CompanyInput, ContactInput } from "../../contract/input.js";
import type { PostalAddress } from "../../contract/model.js";
import { membersOf, objectsIn } from "../../kit/answer.js";
import { readText } from "../../mapping/json-dialect.js";
import { joinName } from "../../mapping/name-fields.js";
import { isId } from "./answers.js";
import { customFieldRule } from "./definitions.js";
import { dialect, kit, plainKit, PROVIDER_NAME } from "./dialect.js";
import { byEmails, contactFilters } from "./query.js";

const NATIVE = "primary_location";
const lines = { street: "line_1", street2: "line_2" };
const places = { city: "locality", state: "region", postalCode: "postcode", country: "country_code" };
const parts = plainKit.addresses([{ type: null, ...lines, ...places }]);
const REST = { line_3: null, line_4: null, latitude: null, longitude: null };

/**
 * One location. A write must contain all members of the location. Source: docs.attio.com, "Attribute types",
 * "Location".
 */
const addresses: FieldEntry<PostalAddress[]> = {
  reads: [NATIVE],
  read: (record, context) => objectsIn(record[NATIVE]).flatMap((location) => parts.read(twoLines(location), context)),
  write: {
    native: [NATIVE],
    toNative(value: AddressInput[] | null) {
      const country = value?.[0]?.country?.trim().toUpperCase();
      if (country && !/^[A-Z]{2}$/.test(country)) {
        throw new FieldProblem("Expected the two-letter code of a country (ISO 3166-1), such as DE.", "0.country");
      }
      const location = { ...parts.write!.toNative(value as never), ...REST, ...(country && { country_code: country }) };
      return { [NATIVE]: value?.length ? [location] : [] };
    },
  },
  note: "One address without a type. Its country is a two-letter code.",
};

function twoLines({ line_2, line_3, line_4, ...location }: NativeRecord): NativeRecord {
  return { ...location, line_2: [line_2, line_3, line_4].flatMap((line) => readText(line) ?? []).join("\n") };
}

type NameInput = Pick<ContactInput, "firstName" | "lastName" | "fullName">;

/** Reads a part of a name. Attio stores a name as one value with three parts. */
function namePart({ name }: NativeRecord, part: "first_name" | "last_name" | "full_name"): string | null {
  return readText(membersOf(objectsIn(name)[0])[part]);
}

/** Whether an input changes only a part of a name, so that the stored name is needed. */
export function needsCurrentName({ firstName, lastName, fullName }: NameInput): boolean {
  const [first, last] = [firstName !== undefined, lastName !== undefined];
  return (first || last || fullName !== undefined) && !(first && last);
}

/**
 * Builds a whole name, because Attio requires all three parts and accepts no null for them. A part that the input omits
 * keeps its value, unless a new full name contradicts it. Source: docs.attio.com, "Attribute types", "Name".
 */
export function nameOf({ firstName, lastName, fullName }: NameInput, current: NativeRecord): NativeRecord {
  const given = (text: string | null) => (text?.trim() ? text : null);
  const first = firstName === undefined ? namePart(current, "first_name") : given(firstName);
  const last = lastName === undefined ? namePart(current, "last_name") : given(lastName);
  const joined = joinName(first, last);
  const whole = given(fullName ?? null) ?? joined;
  const keepsParts = whole === joined || firstName !== undefined || lastName !== undefined;
  const parts = keepsParts ? { first_name: first ?? "", last_name: last ?? "" } : { first_name: "", last_name: "" };
  return { name: whole === null ? [] : [{ ...parts, full_name: whole }] };
}

const nameInput: CompositeInput<NameInput> = {
  inputs: ["firstName", "lastName", "fullName"],
  native: ["name"],
  toNative: (input, mode) => (mode === "update" && needsCurrentName(input) ? {} : nameOf(input, {})),
};

const EMAILS = { native: "email_addresses", value: "email_address" };
const PHONES = { native: "phone_numbers", value: "phone_number" };
const INTERACTIONS = ["last_email_interaction", "last_calendar_interaction"];

/** Source: docs.attio.com, standard objects, "People". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "people",
  identity: ["$id"],
  fields: {
    firstName: { reads: ["name"], read: (record) => namePart(record, "first_name") },
    lastName: { reads: ["name"], read: (record) => namePart(record, "last_name") },
    fullName: {
      reads: ["name", EMAILS.native],
      read(record) {
        const joined = joinName(namePart(record, "first_name"), namePart(record, "last_name"));
        return namePart(record, "full_name") ?? joined ?? dialect.readText(record[EMAILS.native]) ?? "";
      },
    },
    title: kit.text("job_title"),
    emails: kit.emailList(EMAILS),
    phones: {
      ...kit.phoneList(PHONES),
      write: kit.phoneList({ ...PHONES, value: "original_phone_number" }).write!,
      note: "In international form (E.164), whatever the form of the input.",
    },
    addresses,
    company: {
      ...kit.companyById("company", "$companies"),
      write: { native: ["company"], toNative: companyOf },
    },
    description: kit.text("description"),
    createdAt: kit.readOnlyDateTime("created_at"),
    lastActivityAt: {
      reads: INTERACTIONS,
      read: (record) =>
        INTERACTIONS.flatMap((slug) => dialect.readDateTime(record[slug]) ?? [])
          .sort()
          .at(-1) ?? null,
      note: "The last e-mail or calendar interaction that Attio synchronised.",
    },
    url: kit.readOnlyText("$url"),
  },
  composites: [nameInput],
  required: [["firstName", "lastName", "fullName", "emails"]],
  filters: contactFilters,
  byEmails,
  orders: { CREATED_AT: "created_at", NAME: "name" },
  custom: customFieldRule,
};

function companyOf(value: CompanyInput | null): NativeRecord {
  if (!value?.id && !value?.name) return { company: [] };
  if (isId(value.id ?? "")) return { company: [{ target_object: "companies", target_record_id: value.id }] };
  throw new FieldProblem(`${PROVIDER_NAME} links a contact to a company record. Give the company’s id.`, "id");
}
