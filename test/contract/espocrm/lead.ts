import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addressesOf,
  CUSTOM_FIELDS,
  dateTime,
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

const STATUSES: Readonly<Record<string, string>> = {
  New: "NEW",
  Assigned: "WORKING",
  "In Process": "WORKING",
  Converted: "CONVERTED",
  Recycled: "UNQUALIFIED",
  Dead: "UNQUALIFIED",
};

function statusOf({ status }: NativeRecord): string | null {
  const word = textOf(status);
  return word === null ? null : (STATUSES[word] ?? "OTHER");
}

const NAMES = ["lastName", "firstName", "companyName", "emails", "phones"];

export const lead: ResourceSubject = {
  fields: {
    ...PERSON_FIELDS,
    ...ownFieldsOf("Lead"),
    fullName: same("name"),
    companyName: same("accountName"),
    source: same("source"),
    status: { native: ["status"], of: statusOf },
    rawStatus: same("status"),
    isConverted: { native: ["status"], of: ({ status }) => status === "Converted" },
    convertedAt: dateTime("convertedAt"),
    value: {
      native: ["opportunityAmount", "opportunityAmountCurrency"],
      of: ({ opportunityAmount: amount, opportunityAmountCurrency: currency }) =>
        textOf(amount) === null ? null : { amount: String(amount), currency },
    },
  },
  filters: {
    ...personFilters("lead"),
    search: {
      values: () => ["müller", "ACME", "617 555", "example.com", "no such thing", "%"],
      passes: (native, value: string) =>
        hasText([...namesOf(native), ...addressesOf(native), ...numbersOf(native), native["accountName"]], value),
    },
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
  },
  orders: { ...sharedOrders, NAME: nameKey },
  edges: ["convertedContact"],
  rarelyFurther: ["description"],
  narrow: {
    columns: { emailAddress: false, phoneNumber: true, accountName: false },
    refusedFilters: ["email"],
    writes: () => [{ input: { companyName: null, title: "CTO" }, reads: { companyName: null, title: "CTO" } }],
    refusedWrites: () => [{ input: { companyName: "Acme" }, errors: ["input.companyName"] }],
  },
  required: NAMES.map((name) => `input.${name}`),
  minimal: ({ unique }) => ({ lastName: `Lead ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: {
    status: "REFUSED",
    // The amount is gone. EspoCRM gives it the currency of the system.
    value: { value: null },
  },
  refused: () => [
    { input: { status: "CONVERTED" }, errors: ["input.status"] },
    { input: { status: "QUALIFIED" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "New" }, errors: ["input.rawStatus"] },
    { input: { value: { amount: "much", currency: "USD" } }, errors: ["input.value.amount"] },
    { input: { value: { amount: "-1", currency: "USD" } }, errors: ["input.value.amount"] },
    { input: { contactId: "1", rating: "HOT" }, errors: ["input.contactId", "input.rating"] },
  ],
  textInputs: ["title", "companyName", "firstName", "lastName", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: STANDARD_KEYS,
  standard: {
    fields: [
      {
        key: "industry",
        label: "Industry",
        type: "SELECT",
        value: "Consulting",
        native: "Consulting",
        optionLabels: ["Consulting"],
      },
      { key: "website", label: "Website", type: "TEXT", value: "https://a.example", native: "https://a.example" },
      { key: "doNotCall", label: "Do Not Call", type: "BOOLEAN", value: true, native: true },
    ],
    readOnly: ["streamUpdatedAt"],
    inModel: { accountName: "companyName", status: "status", opportunityAmount: "value", convertedAt: "convertedAt" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners }: Fresh): WriteCase {
  const key = unique();
  const addresses = [
    { street1: "Rue 2", street2: null, city: "Lyon", state: null, postalCode: "69001", country: "France" },
  ];
  return written({
    input: {
      firstName: "Søren",
      lastName: `O'Brien ${key}`,
      title: "Head of Sales",
      companyName: "Umbrella & Sons",
      emails: [{ address: `${key}@lead.example` }, { address: `${key}@other.example` }],
      phones: [
        { number: "+49895550177", type: "WORK" },
        { number: "+491517654321", type: "MOBILE" },
      ],
      addresses,
      source: "Web Site",
      status: "WORKING",
      value: { amount: "1234.5", currency: "EUR" },
      description: 'Asked for a "quote" & <more>.\nSoon.',
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49895550177", type: "WORK", isPrimary: true },
        { number: "+491517654321", type: "MOBILE", isPrimary: false },
      ],
      rawStatus: "In Process",
      isConverted: false,
    },
    native: {
      firstName: "Søren",
      lastName: `O'Brien ${key}`,
      title: "Head of Sales",
      accountName: "Umbrella & Sons",
      emailAddress: `${key}@lead.example`,
      phoneNumber: "+49895550177",
      addressStreet: "Rue 2",
      addressCity: "Lyon",
      source: "Web Site",
      status: "In Process",
      opportunityAmount: 1234.5,
      opportunityAmountCurrency: "EUR",
      assignedUserId: owners[1],
    },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    { input: { status: "NEW" }, reads: { status: "NEW", rawStatus: "New" }, native: { status: "New" } },
    { input: { status: "UNQUALIFIED" }, reads: { status: "UNQUALIFIED" }, native: { status: "Dead" } },
    {
      input: { rawStatus: "Recycled" },
      reads: { status: "UNQUALIFIED", rawStatus: "Recycled" },
      native: { status: "Recycled" },
    },
    {
      input: { rawStatus: "Converted" },
      reads: { status: "CONVERTED", isConverted: true },
      native: { status: "Converted" },
      alsoChanges: ["convertedAt"],
    },
    {
      input: { value: { amount: "10", currency: "USD" } },
      reads: { value: { amount: "10", currency: "USD" } },
      native: { opportunityAmount: 10, opportunityAmountCurrency: "USD" },
    },
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { assignedUserId: owners[0] } },
  ];
}
