import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import * as standardFields from "./standard-fields.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addressesIn,
  CUSTOM_FIELDS,
  day,
  emailFilter,
  hasWords,
  malformedIds,
  missingIds,
  oneEmail,
  ownFieldsOf,
  phoneFilter,
  phonesIn,
  sharedFilters,
  sharedOrders,
} from "./shared.js";

const STATUSES: Readonly<Record<string, string>> = {
  "Open - Not Contacted": "NEW",
  "Working - Contacted": "WORKING",
  "Closed - Not Converted": "UNQUALIFIED",
};

const statusOf = ({ Status, IsConverted }: NativeRecord) =>
  IsConverted === true ? "CONVERTED" : (STATUSES[Status as string] ?? "OTHER");

export const lead: ResourceSubject = {
  fields: {
    firstName: same("FirstName"),
    lastName: same("LastName"),
    fullName: same("Name"),
    title: same("Title"),
    companyName: same("Company"),
    emails: oneEmail,
    phones: phonesIn([
      ["Phone", "WORK"],
      ["MobilePhone", "MOBILE"],
      ["Fax", "FAX"],
    ]),
    addresses: addressesIn([["", null]]),
    source: same("LeadSource"),
    status: { native: ["Status", "IsConverted"], of: statusOf },
    rawStatus: same("Status"),
    rating: { native: ["Rating"], of: ({ Rating }) => textOf(Rating)?.toUpperCase() ?? null },
    rawRating: same("Rating"),
    isConverted: { native: ["IsConverted"], of: ({ IsConverted }) => IsConverted },
    convertedAt: day("ConvertedDate"),
    description: same("Description"),
    lastActivityAt: day("LastActivityDate"),
    ...ownFieldsOf(),
  },
  filters: {
    email: emailFilter("lead"),
    phone: phoneFilter("lead", ["Phone", "MobilePhone", "Fax"]),
    name: {
      values: () => ["müller", "maria cruz", "O'Brien", "%", "no such name"],
      passes: ({ Name }, value: string) => hasWords([Name], value),
    },
    search: {
      values: () => ["müller", "maria acme", "617 555", "no such thing"],
      passes: (native, value: string) =>
        hasWords(
          ["Name", "Email", "Phone", "MobilePhone", "Company"].map((column) => native[column]),
          value,
        ),
    },
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    ...sharedFilters("lead"),
  },
  orders: { ...sharedOrders, NAME: ({ LastName }) => textOf(LastName)?.toLowerCase() ?? null },
  edges: ["contact", "convertedContact"],
  narrow: {
    columns: { Email: false, Phone: true, Fax: true },
    refusedFilters: ["email"],
    writes: () => [
      {
        input: { phones: [{ number: "+1 1" }], emails: [] },
        reads: { phones: [{ number: "+1 1", type: "WORK" }], emails: [] },
      },
    ],
    refusedWrites: () => [{ input: { emails: [{ address: "a@b.example" }] }, errors: ["input.emails"] }],
  },
  required: ["input.lastName", "input.companyName"],
  minimal: ({ unique }) => ({ lastName: `Lead ${unique()}`, companyName: "Acme" }),
  full,
  variants,
  createOnly: [],
  notCleared: { lastName: "REFUSED", companyName: "REFUSED", status: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    { input: { status: "CONVERTED" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "New" }, errors: ["input.rawStatus"] },
    { input: { rating: "OTHER" }, errors: ["input.rating"] },
    { input: { phones: [{ number: "1", type: "HOME" }] }, errors: ["input.phones.0"] },
    { input: { subject: "Renewal", contactId: "1" }, errors: ["input.subject", "input.contactId"] },
  ],
  textInputs: ["firstName", "lastName", "companyName", "title", "source", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Id", "Company", "IsConverted"],
  standard: {
    fields: [
      standardFields.picklist("Industry", "Industry", "Technology"),
      standardFields.recordType,
      { key: "AnnualRevenue", label: "Annual Revenue", type: "NUMBER", value: 1999.9, native: 1999.9 },
      { key: "Website", label: "Website", type: "TEXT", value: "https://a.example", native: "https://a.example" },
    ],
    readOnly: ["ConvertedAccountId"],
    inModel: { Status: "status", Company: "companyName", ConvertedContactId: "contact", CountryCode: "addresses" },
  },
  missingIds: missingIds("lead"),
  malformedIds: malformedIds("lead"),
  columnsReadApart: true,
};

function full({ unique, owners }: Fresh): WriteCase {
  const key = unique();
  const address = {
    street1: "Main St 1",
    street2: "c/o Lee",
    city: "Boston",
    state: "Massachusetts",
    postalCode: "02108",
    country: "United States",
  };
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      companyName: "Umbrella & Sons",
      title: "Head of Sales",
      emails: [{ address: `${key}@lead.example` }],
      phones: [
        { number: "+49 89 1", type: "WORK" },
        { number: "+49 151 2", type: "MOBILE" },
        { number: "+49 89 3", type: "FAX" },
      ],
      addresses: [address],
      source: "Partner Referral",
      status: "WORKING",
      rating: "WARM",
      description: "Wants «soon».\nSecond <line>.",
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1", type: "WORK", isPrimary: true },
        { number: "+49 151 2", type: "MOBILE" },
        { number: "+49 89 3", type: "FAX" },
      ],
      rawStatus: "Working - Contacted",
      rawRating: "Warm",
      isConverted: false,
      convertedAt: null,
    },
    native: {
      FirstName: "Maria del Carmen",
      LastName: `de la Cruz ${key}`,
      Company: "Umbrella & Sons",
      Title: "Head of Sales",
      Email: `${key}@lead.example`,
      Phone: "+49 89 1",
      MobilePhone: "+49 151 2",
      Fax: "+49 89 3",
      Street: "Main St 1\nc/o Lee",
      City: "Boston",
      State: "Massachusetts",
      PostalCode: "02108",
      Country: "United States",
      LeadSource: "Partner Referral",
      Status: "Working - Contacted",
      Rating: "Warm",
      Description: "Wants «soon».\nSecond <line>.",
      OwnerId: owners[1],
    },
    links: { contact: [], convertedContact: [] },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    ...(
      [
        ["NEW", "Open - Not Contacted"],
        ["UNQUALIFIED", "Closed - Not Converted"],
      ] as const
    ).map(([status, Status]) => ({ input: { status }, reads: { status, rawStatus: Status }, native: { Status } })),
    {
      input: { rawStatus: "Closed - Not Converted" },
      reads: { status: "UNQUALIFIED", rawStatus: "Closed - Not Converted" },
      native: { Status: "Closed - Not Converted" },
    },
    ...(
      [
        ["HOT", "Hot"],
        ["COLD", "Cold"],
      ] as const
    ).map(([rating, Rating]) => ({ input: { rating }, reads: { rating, rawRating: Rating }, native: { Rating } })),
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { OwnerId: owners[0] } },
    // A queue owns leads that no user has taken yet.
    { input: { ownerId: owners.at(-1) }, reads: { owner: { id: owners.at(-1) } }, native: { OwnerId: owners.at(-1) } },
  ];
}
