import type { CustomFieldRule, NativeRecord } from "../../contract/field-map.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const SLUG = "espocrm";
export const PROVIDER_NAME = "EspoCRM";

/** Reads date-times, which EspoCRM states in UTC without a zone. A date without a time reads as its UTC midnight. */
export function readDateTime(value: unknown): string | null {
  const text = readText(value)?.replace(" ", "T").slice(0, 19);
  const date = new Date(text?.length === 10 ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export const writeDateTime = (value: Date) => value.toISOString().slice(0, 19).replace("T", " ");

export const isId = (text: string) => /^[\w-]{1,36}$/.test(text);

export const dialect = jsonDialect(PROVIDER_NAME, { isId, readDateTime, writeDateTime });

/** Custom fields of older servers have no prefix, so only the metadata separate the two kinds. */
const customFieldRule: CustomFieldRule = {
  isKey: (key) => /^[a-z][A-Za-z0-9]*$/.test(key),
  read: customValueReader(dialect),
  // EspoCRM accepts dates, numbers and lists unchanged.
  write: (value) => value,
  writeDateTime,
};

export const kit = fieldKit(dialect);

const PLACES = {
  city: "addressCity",
  state: "addressState",
  postalCode: "addressPostalCode",
  country: "addressCountry",
};
const PHONE_TYPES = { Mobile: "MOBILE", Office: "WORK", Home: "HOME", Fax: "FAX", Other: "OTHER" } as const;
const emails = kit.emailList({ native: "emailAddressData", value: "emailAddress", primary: "primary" });
const phones = kit.phoneList({
  native: "phoneNumberData",
  value: "phoneNumber",
  type: { member: "type", table: PHONE_TYPES },
  primary: "primary",
});

/** A linked record by its id. EspoCRM returns its name, too. */
export const linkTo = (link: string) => ({
  reads: [`${link}Id`, `${link}Name`],
  read({ [`${link}Id`]: id, [`${link}Name`]: name }: NativeRecord) {
    const own = readText(id);
    return own === null ? null : { id: own, name: readText(name) };
  },
});

/** Fields of every entity. */
export const recordFields = (entity: string) => ({
  description: kit.text("description"),
  owner: linkTo("assignedUser"),
  ...kit.stamps("createdAt", "modifiedAt"),
  url: kit.url("id", (id, origin) => `${origin}/#${entity}/view/${id}`),
});
/** Writes the owner of a person. The meeting map uses `requiredOwner`, because a meeting must have an owner. */
export const ownerInput = kit.input<string>("assignedUserId");

/** Entries of every map. */
export const base = {
  providerName: PROVIDER_NAME,
  identity: ["id"],
  custom: customFieldRule,
};

/** Fields that Contact and Lead share. */
export const personFields = (entity: string) => ({
  ...recordFields(entity),
  firstName: kit.text("firstName"),
  lastName: kit.text("lastName"),
  title: kit.text("title"),
  emails: { ...emails, reads: ["emailAddress", "emailAddressData"] },
  phones: { ...phones, reads: ["phoneNumber", "phoneNumberData"] },
  addresses: kit.addresses([{ type: null, street: "addressStreet", multiline: true, ...PLACES }]),
});
