import { invalidInput } from "../../../errors/crm-error.js";
import {
  FieldProblem,
  type FieldEntry,
  type FieldMap,
  type Filters,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { AddressInput, CompanyInput } from "../../contract/input.js";
import type { CompanyRef, EmailType, PhoneType, PostalAddress } from "../../contract/model.js";
import { joinName } from "../../mapping/name-fields.js";
import { createdAt, custom, kit, numberOf, owner, ownerInput, PROVIDER_NAME, tags, updatedAt, url } from "./dialect.js";
import { Sifted } from "../../kit/sifted.js";
import { passesOwner, passesSince, passesUntil, searched, type Condition } from "./query.js";

const EMAIL_LABELS: readonly (readonly [EmailType, string])[] = [
  ["WORK", "work"],
  ["PERSONAL", "home"],
  ["OTHER", "other"],
];
const PHONE_LABELS: readonly (readonly [PhoneType, string])[] = [
  ["WORK", "work"],
  ["MOBILE", "mobile"],
  ["HOME", "home"],
  ["OTHER", "other"],
];

const filters: Filters<"contact", Condition> = {
  email: (value) => withEntry("emails", "email", value.trim().toLowerCase()),
  phone: (value) => withEntry("phones", "phone", value.trim().toLowerCase()),
  search: searched,
  ownerId: passesOwner,
  updatedSince: passesSince,
  updatedUntil: passesUntil,
};

/** Persons, API v2. Source: developers.pipedrive.com, "Persons". */
export const contactMap: FieldMap<"contact"> = {
  resource: "contact",
  providerName: PROVIDER_NAME,
  nativeName: "persons",
  identity: ["id"],
  fields: {
    firstName: kit.readOnlyText("first_name"),
    lastName: kit.readOnlyText("last_name"),
    fullName: { reads: ["name"], read: ({ name }) => kit.readText(name) ?? "" },
    title: kit.text("job_title"),
    emails: kit.emailList({
      native: "emails",
      value: "value",
      primary: "primary",
      type: { member: "label", table: EMAIL_LABELS, other: "OTHER" },
    }),
    phones: kit.phoneList({
      native: "phones",
      value: "value",
      primary: "primary",
      type: { member: "label", table: PHONE_LABELS, other: "OTHER" },
    }),
    addresses: postalAddress(),
    company: organization(),
    description: kit.text("notes"),
    tags,
    owner,
    createdAt,
    updatedAt,
    url: url("person"),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.singleName({ native: "name", isRequired: true })],
  required: [["fullName", "firstName", "lastName"]],
  filters,
  orders: { CREATED_AT: "add_time", UPDATED_AT: "update_time" },
  custom,
};

/** A search finds who may be meant; the entry itself decides. */
function withEntry(native: string, fields: string, value: string): Condition {
  if (value === "") throw invalidInput({ [`filter.${fields}`]: "Give a text." });
  return new Sifted({ search: { term: value, fields, exact_match: "true" } }, (record) =>
    ((record[native] ?? []) as NativeRecord[]).some((entry) => kit.readText(entry["value"])?.toLowerCase() === value),
  );
}

function organization(): FieldEntry<CompanyRef | null> {
  return {
    ...kit.companyById("org_id", "$organization"),
    write: {
      native: ["org_id"],
      toNative(company: CompanyInput | null) {
        if (company?.name) throw new FieldProblem(`${PROVIDER_NAME} links an organization by its id.`, "name");
        return { org_id: company?.id ? numberOf(company.id, "id") : null };
      },
    },
  };
}

function postalAddress(): FieldEntry<PostalAddress[]> {
  return {
    reads: ["postal_address"],
    read(native) {
      const place = native["postal_address"] as NativeRecord | null | undefined;
      const part = (name: string) => kit.readText(place?.[name]);
      const parts = {
        street2: part("subpremise"),
        city: part("locality"),
        state: part("admin_area_level_1"),
        postalCode: part("postal_code"),
        country: part("country"),
      };
      const street = joinName(part("street_number"), part("route"));
      // An address that Pipedrive has not taken apart is one text.
      const isWhole = street === null && Object.values(parts).every((one) => one === null);
      const street1 = isWhole ? part("value") : street;
      return isWhole && street1 === null ? [] : [{ type: null, rawType: null, street1, ...parts }];
    },
    write: {
      native: ["postal_address"],
      toNative(addresses: AddressInput[] | null) {
        const [address, second] = addresses ?? [];
        if (second) throw new FieldProblem(`${PROVIDER_NAME} keeps one address here.`, "1");
        if (!address) return { postal_address: null };
        const { type, street1, street2, city, state, postalCode, country } = address;
        if (type) throw new FieldProblem(`${PROVIDER_NAME} keeps no type here.`, "0.type");
        const lines = [street1, street2, joinName(postalCode, city), state, country];
        const parts = { route: street1, subpremise: street2, locality: city, admin_area_level_1: state };
        const written = { ...parts, postal_code: postalCode, country, value: lines.filter(Boolean).join(", ") };
        return { postal_address: Object.fromEntries(Object.entries(written).filter(([, one]) => one)) };
      },
    },
    note: "Only where the company has contact sync on, as are `title` and `description`.",
  };
}
