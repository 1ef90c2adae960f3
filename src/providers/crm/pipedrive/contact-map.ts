import { FieldProblem, type FieldEntry, type FieldMap } from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import type { PostalAddress } from "../../contract/model.js";
import { objectAt } from "../../mapping/members.js";
import { phoneNotations } from "../../mapping/phone-notations.js";
import { joinName } from "../../mapping/name-fields.js";
import {
  base,
  custom,
  kit,
  numberOf,
  ownerInput,
  PROVIDER_NAME,
  recordFields,
  STAMP_ORDERS,
  tags,
  url,
} from "./dialect.js";
import { byEmails, passesOwner, passesSince, passesUntil, searched, withEntry, type Condition } from "./query.js";

const EMAIL_LABELS = { work: "WORK", home: "PERSONAL", other: "OTHER" } as const;
const PHONE_LABELS = { work: "WORK", mobile: "MOBILE", home: "HOME", other: "OTHER" } as const;
const ENTRY = { value: "value", primary: "primary" };

/** Persons, API v2. Source: developers.pipedrive.com, "Persons". */
export const contactMap: FieldMap<"contact", Condition> = {
  ...base,
  resource: "contact",
  nativeName: "persons",
  fields: {
    firstName: kit.readOnlyText("first_name"),
    lastName: kit.readOnlyText("last_name"),
    fullName: kit.firstText("name"),
    title: kit.text("job_title"),
    emails: kit.emailList({ native: "emails", ...ENTRY, type: { member: "label", table: EMAIL_LABELS } }),
    phones: kit.phoneList({ native: "phones", ...ENTRY, type: { member: "label", table: PHONE_LABELS } }),
    addresses: postalAddress(),
    company: {
      ...kit.companyById("org_id", "$organization"),
      write: kit.companyInput(kit.reference("org_id", numberOf)),
    },
    description: kit.text("notes"),
    tags,
    ...recordFields,
    url: url("person"),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.singleName({ native: "name", isRequired: true })],
  required: [["fullName", "firstName", "lastName"]],
  filters: {
    email: (value) => withEntry("emails", "email", value),
    phone: (value) => withEntry("phones", "phone", ...phoneNotations(value)),
    search: searched,
    ownerId: passesOwner,
    updatedSince: passesSince,
    updatedUntil: passesUntil,
  },
  byEmails,
  orders: STAMP_ORDERS,
  custom,
};

function postalAddress(): FieldEntry<PostalAddress[]> {
  return {
    reads: ["postal_address"],
    read(native) {
      const place = objectAt(native, "postal_address");
      const part = (name: string) => kit.readText(place[name]);
      const parts = {
        street2: part("subpremise"),
        city: part("locality"),
        state: part("admin_area_level_1"),
        postalCode: part("postal_code"),
        country: part("country"),
      };
      const street = joinName(part("street_number"), part("route"));
      // An address that Pipedrive has not parsed is one text.
      const isWhole = street === null && Object.values(parts).every((one) => one === null);
      const street1 = isWhole ? part("value") : street;
      return isWhole && street1 === null ? [] : [{ type: null, rawType: null, street1, ...parts }];
    },
    write: {
      native: ["postal_address"],
      toNative(addresses: AddressInput[] | null) {
        const [address, second] = addresses ?? [];
        if (second) throw new FieldProblem(`${PROVIDER_NAME} stores at most one address here. Remove the others.`, "1");
        if (!address) return { postal_address: null };
        const { type, street1, street2, city, state, postalCode, country } = address;
        if (type) throw new FieldProblem(`${PROVIDER_NAME} stores no type here. Omit the type.`, "0.type");
        const lines = [street1, street2, joinName(postalCode, city), state, country];
        const parts = { route: street1, subpremise: street2, locality: city, admin_area_level_1: state };
        const written = { ...parts, postal_code: postalCode, country, value: lines.filter(Boolean).join(", ") };
        return { postal_address: Object.fromEntries(Object.entries(written).filter(([, one]) => one)) };
      },
    },
    note: "Only if the company uses contact sync, like `title` and `description`.",
  };
}
