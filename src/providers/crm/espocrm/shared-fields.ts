import { fieldKit } from "../../mapping/field-kit.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { readText } from "../../mapping/json-dialect.js";
import type { PhoneType } from "../../contract/model.js";
import { customFieldRule } from "./definitions.js";
import { dialect, PROVIDER_NAME, writeDateTime } from "./dialect.js";
import { anyOf, by, type Where } from "./api.js";

export const kit = fieldKit(dialect);

const PHONE_TYPES = { MOBILE: "Mobile", WORK: "Office", HOME: "Home", FAX: "Fax", OTHER: "Other" };
const emails = kit.emailList({ native: "emailAddressData", value: "emailAddress", primary: "primary" });
const phones = kit.phoneList({
  native: "phoneNumberData",
  value: "phoneNumber",
  type: { member: "type", table: Object.entries(PHONE_TYPES) as [PhoneType, string][], other: "OTHER" },
  primary: "primary",
});

/** A linked record, of which EspoCRM says the name, too. */
export const linkTo = (link: string) => ({
  reads: [`${link}Id`, `${link}Name`],
  read({ [`${link}Id`]: id, [`${link}Name`]: name }: NativeRecord) {
    return readText(id) === null ? null : { id: String(id), name: readText(name) };
  },
});

/** What all three entities have. */
export const recordFields = (entity: string) => ({
  description: kit.text("description"),
  owner: linkTo("assignedUser"),
  createdAt: kit.readOnlyDateTime("createdAt"),
  updatedAt: kit.readOnlyDateTime("modifiedAt"),
  url: {
    reads: ["id"],
    read: ({ id }: NativeRecord, { origin }: { origin: string }) => `${origin}/#${entity}/view/${String(id)}`,
  },
});
export const base = { providerName: PROVIDER_NAME, identity: ["id"], custom: customFieldRule };

/** What Contact and Lead have in common. */
export const personFields = (entity: string) => ({
  ...recordFields(entity),
  firstName: kit.text("firstName"),
  lastName: kit.text("lastName"),
  title: kit.text("title"),
  emails: { ...emails, reads: ["emailAddress", "emailAddressData"] },
  phones: { ...phones, reads: ["phoneNumber", "phoneNumberData"] },
  addresses: kit.addresses([
    {
      type: null,
      street: "addressStreet",
      multiline: true,
      city: "addressCity",
      state: "addressState",
      postalCode: "addressPostalCode",
      country: "addressCountry",
    },
  ]),
});

export const ownerInput = kit.input<string>("assignedUserId");

/** Text that stands in any of the attributes; the wildcards of SQL's LIKE are taken literally. */
export function contains(...attributes: readonly string[]) {
  return (value: string): Where => {
    const text = value.replace(/[\\%_]/g, "\\$&");
    const textFor = (name: string) => (name === "emailAddress" ? text.toLowerCase() : text);
    return anyOf(...attributes.map((name) => by("contains", name)(textFor(name))));
  };
}

/** Times have whole seconds: a bound between two is the same as the later one. */
function bound(type: string, attribute: string) {
  const at = (value: Date) => writeDateTime(new Date(Math.ceil(value.getTime() / 1000) * 1000));
  return (value: Date): Where => by(type, attribute)(at(value));
}
export const since = (attribute: string) => bound("greaterThanOrEquals", attribute);
export const until = (attribute: string) => bound("lessThan", attribute);

export const recordFilters = {
  name: contains("name"),
  ownerId: by("equals", "assignedUserId"),
  createdSince: since("createdAt"),
  createdUntil: until("createdAt"),
  updatedSince: since("modifiedAt"),
  updatedUntil: until("modifiedAt"),
};

export const personFilters = {
  ...recordFilters,
  // EspoCRM compares with its own copy of the address in lower case.
  email: (value: string) => by("equals", "emailAddress")(value.toLowerCase()),
  phone: by("equals", "phoneNumber"),
};

export const RECORD_ORDERS = { CREATED_AT: "createdAt", UPDATED_AT: "modifiedAt" };
export const NAME_ORDERS = { ...RECORD_ORDERS, NAME: "name" };
