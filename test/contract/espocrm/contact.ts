import { written } from "../samples.js";
import { textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addressesOf,
  CUSTOM_FIELDS,
  hasText,
  MALFORMED_IDS,
  MISSING_IDS,
  nameKey,
  namesOf,
  numbersOf,
  ownFieldsOf,
  PERSON_FIELDS,
  personFilters,
  sharedOrders,
  STANDARD_KEYS,
} from "./shared.js";

/** The first account of the seed. */
const FIRST_ACCOUNT = "Acme GmbH";

export const contact: ResourceSubject = {
  fields: {
    ...PERSON_FIELDS,
    ...ownFieldsOf("Contact"),
    fullName: {
      native: ["name", "emailAddress"],
      of: ({ name, emailAddress }) => textOf(name) ?? textOf(emailAddress) ?? "",
    },
    company: {
      native: ["accountId", "accountName"],
      of: ({ accountId: id, accountName: name }) => (textOf(id) === null ? null : { id, name }),
    },
    doNotContact: { native: ["doNotCall"], of: ({ doNotCall }) => doNotCall },
  },
  filters: {
    ...personFilters("contact"),
    search: {
      values: () => ["müller", "617 555", "EXAMPLE.com", "@private", "no such thing", "_"],
      passes: (native, value: string) =>
        hasText([...namesOf(native), ...addressesOf(native), ...numbersOf(native)], value),
    },
  },
  orders: { ...sharedOrders, NAME: nameKey },
  edges: ["meetings", "leads"],
  // Texts of 10,000 characters and more.
  rarelyFurther: ["description"],
  narrow: {
    columns: { emailAddress: true, phoneNumber: false, phoneNumberData: false },
    refusedFilters: ["phone"],
    writes: () => [{ input: { phones: [], description: "Talks" }, reads: { phones: [], description: "Talks" } }],
    refusedWrites: () => [{ input: { phones: [{ number: "+16175550101" }] }, errors: ["input.phones"] }],
  },
  required: ["input.lastName"],
  minimal: ({ unique }) => ({ lastName: `Person ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { lastName: "REFUSED", doNotContact: { doNotContact: false } },
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    { input: { phones: [{ number: "" }] }, errors: ["input.phones.0.number"] },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { company: { id: "../1" } }, errors: ["input.company.id"] },
    { input: { fullName: "Ann Lee", websites: ["https://a.example"] }, errors: ["input.fullName", "input.websites"] },
  ],
  unknownThere: () => ({
    input: {
      ownerId: MISSING_IDS[0],
      company: { id: MISSING_IDS[0] },
      customFields: [{ key: "cNoSuchField", value: "x" }],
    },
    errors: ["input.ownerId", "input.company.id", "input.customFields.cNoSuchField"],
  }),
  textInputs: ["firstName", "lastName", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: STANDARD_KEYS,
  standard: {
    fields: [
      {
        key: "salutationName",
        label: "Salutation",
        type: "SELECT",
        value: "Dr.",
        native: "Dr.",
        optionLabels: ["Dr."],
      },
      { key: "middleName", label: "Middle Name", type: "TEXT", value: "van der", native: "van der" },
    ],
    readOnly: ["streamUpdatedAt"],
    inModel: { lastName: "lastName", accountId: "company", doNotCall: "doNotContact", phoneNumberData: "phones" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, companies, owners }: Fresh): WriteCase {
  const key = unique();
  const addresses = [
    {
      street1: "Main St 1",
      street2: "Back door\nThird floor",
      city: "München",
      state: "Bavaria",
      postalCode: "80331",
      country: "Germany",
    },
  ];
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      emails: [{ address: `${key}@Full.example` }, { address: `${key}@second.example` }],
      phones: [
        { number: "+4915112345602", type: "MOBILE" },
        { number: "+498912345601", type: "WORK" },
        { number: "+498912345603", type: "HOME" },
        { number: "+498912345606", type: "FAX" },
        { number: "+498912345604", type: "OTHER" },
      ],
      addresses,
      company: { id: companies[0] },
      description: 'Likes "quotes" & <angles>.\nSecond line.',
      doNotContact: true,
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+4915112345602", type: "MOBILE", isPrimary: true },
        { number: "+498912345601", type: "WORK", rawType: "Office", isPrimary: false },
        { number: "+498912345603", type: "HOME" },
        { number: "+498912345606", type: "FAX" },
        { number: "+498912345604", type: "OTHER" },
      ],
      company: { id: companies[0], name: FIRST_ACCOUNT },
    },
    native: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      emailAddress: `${key}@Full.example`,
      phoneNumber: "+4915112345602",
      addressStreet: "Main St 1\nBack door\nThird floor",
      addressCity: "München",
      addressState: "Bavaria",
      addressPostalCode: "80331",
      addressCountry: "Germany",
      accountId: companies[0],
      description: 'Likes "quotes" & <angles>.\nSecond line.',
      doNotCall: true,
      assignedUserId: owners[1],
    },
  });
}

function variants({ unique, companies, owners }: Fresh): WriteCase[] {
  const key = unique();
  return [
    { input: { firstName: null }, reads: { firstName: null }, native: { firstName: null } },
    {
      input: { company: { id: companies[0] }, title: "VP Engineering" },
      reads: { title: "VP Engineering", company: { id: companies[0], name: FIRST_ACCOUNT } },
      native: { title: "VP Engineering", accountId: companies[0] },
    },
    {
      input: { emails: [{ address: `${key}@only.example` }] },
      reads: { emails: [{ address: `${key}@only.example`, isPrimary: true }] },
      native: { emailAddress: `${key}@only.example` },
    },
    {
      input: { phones: [{ number: "+16175550101", type: "FAX" }, { number: "+16175550102" }] },
      reads: {
        phones: [
          { number: "+16175550101", type: "FAX" },
          // EspoCRM's default.
          { number: "+16175550102", type: "MOBILE" },
        ],
      },
      native: { phoneNumber: "+16175550101" },
    },
    {
      input: { addresses: [{ city: "Lyon" }] },
      reads: { addresses: [{ street1: null, city: "Lyon" }] },
      native: { addressStreet: null, addressCity: "Lyon" },
    },
    { input: { doNotContact: false }, reads: { doNotContact: false }, native: { doNotCall: false } },
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { assignedUserId: owners[0] } },
  ];
}
