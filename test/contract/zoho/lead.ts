import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addressesIn,
  contains,
  CUSTOM_FIELDS,
  dateTime,
  emailFilter,
  emails,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  phoneFilter,
  phonesIn,
  sharedFilters,
  sharedOrders,
} from "./shared.js";

const STATUSES: Readonly<Record<string, string>> = {
  "Not Contacted": "NEW",
  Contacted: "WORKING",
  "Attempted to Contact": "WORKING",
  "Contact in Future": "WORKING",
  "Pre-Qualified": "QUALIFIED",
  "Junk Lead": "UNQUALIFIED",
  "Lost Lead": "UNQUALIFIED",
  "Not Qualified": "UNQUALIFIED",
};

function statusOf({ Lead_Status: status, Converted__s: isConverted }: NativeRecord): string | null {
  if (isConverted === true) return "CONVERTED";
  return textOf(status) === null ? null : (STATUSES[status as string] ?? "OTHER");
}

export const lead: ResourceSubject = {
  fields: {
    firstName: same("First_Name"),
    lastName: same("Last_Name"),
    fullName: same("Full_Name"),
    title: same("Designation"),
    companyName: same("Company"),
    emails,
    phones: phonesIn([
      ["Phone", "WORK"],
      ["Mobile", "MOBILE"],
      ["Fax", "FAX"],
    ]),
    addresses: addressesIn([[null, ["Street", "City", "State", "Zip_Code", "Country"]]]),
    source: same("Lead_Source"),
    status: { native: ["Lead_Status", "Converted__s"], of: statusOf },
    rawStatus: same("Lead_Status"),
    rating: { native: ["Rating"], of: ({ Rating }) => (textOf(Rating) === null ? null : "OTHER") },
    rawRating: same("Rating"),
    isConverted: { native: ["Converted__s"], of: ({ Converted__s: isConverted }) => isConverted },
    convertedAt: dateTime("Converted_Date_Time"),
    description: same("Description"),
    lastActivityAt: dateTime("Last_Activity_Time"),
    ...ownFieldsOf("Leads"),
  },
  filters: {
    email: emailFilter("lead"),
    phone: phoneFilter("lead", ["Phone", "Mobile", "Fax"]),
    name: {
      values: () => ["müller", "carmen de la", "O'Brien", "%", "no such name"],
      passes: ({ Full_Name: name }, value: string) => contains([name], value),
    },
    search: {
      values: () => ["müller", "acme gmbh", "617 555", "no such thing"],
      passes: ({ Full_Name: name, Email, Phone, Mobile, Company }, value: string) =>
        contains([name, Email, Phone, Mobile, Company], value),
    },
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    ...sharedFilters("lead"),
  },
  revealsUnlisted: ({ status }) => status === "CONVERTED",
  orders: { ...sharedOrders, NAME: ({ Last_Name: name }) => textOf(name)?.toLowerCase() ?? null },
  edges: ["contact", "convertedContact"],
  narrow: {
    columns: { Email: true, Secondary_Email: false, Company: true },
    refusedFilters: [],
    writes: () => [{ input: { phones: [{ number: "+1 1" }] }, reads: { phones: [{ number: "+1 1", type: "WORK" }] } }],
    refusedWrites: () => [{ input: { phones: [{ number: "+1 3", type: "MOBILE" }] }, errors: ["input.phones.0"] }],
  },
  required: ["input.lastName"],
  minimal: ({ unique }) => ({ lastName: `Lead ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { lastName: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    { input: { status: "CONVERTED" }, errors: ["input.status"] },
    { input: { status: "OTHER" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "New" }, errors: ["input.rawStatus"] },
    { input: { rating: "HOT" }, errors: ["input.rating"] },
    { input: { phones: [{ number: "1", type: "HOME" }] }, errors: ["input.phones.0"] },
    { input: { subject: "Renewal", contactId: "1" }, errors: ["input.subject", "input.contactId"] },
  ],
  unknownThere: () => ({
    input: {
      ownerId: MISSING_IDS[0],
      rawStatus: "No such status",
      customFields: [{ key: "No_Such_Field", value: "x" }],
    },
    errors: ["input.ownerId", "input.rawStatus", "input.customFields.No_Such_Field"],
  }),
  textInputs: ["firstName", "lastName", "companyName", "title", "source", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Last_Name", "Company", "Converted__s"],
  standard: {
    fields: [
      { key: "No_of_Employees", label: "No of Employees", type: "NUMBER", value: 250, native: 250 },
      { key: "Website", label: "Website", type: "TEXT", value: "https://a.example", native: "https://a.example" },
      {
        key: "Industry",
        label: "Industry",
        type: "SELECT",
        value: "Government/Military",
        native: "Government/Military",
        optionLabels: ["Government/Military"],
      },
      { key: "Email_Opt_Out", label: "Email Opt Out", type: "BOOLEAN", value: true, native: true },
    ],
    readOnly: ["Unsubscribed_Time"],
    inModel: { Company: "companyName", Lead_Status: "status", Zip_Code: "addresses", Converted_Contact: "contact" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners }: Fresh): WriteCase {
  const key = unique();
  const address = {
    street1: "Main St 1",
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
      source: "Partner",
      status: "WORKING",
      description: "Wants «soon».\nSecond <line>.",
      tags: ["hot"],
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1", type: "WORK", isPrimary: true },
        { number: "+49 151 2", type: "MOBILE" },
        { number: "+49 89 3", type: "FAX" },
      ],
      rawStatus: "Contacted",
      isConverted: false,
      convertedAt: null,
      owner: { id: owners[1], name: "Peter Pan" },
    },
    native: {
      First_Name: "Maria del Carmen",
      Last_Name: `de la Cruz ${key}`,
      Company: "Umbrella & Sons",
      Designation: "Head of Sales",
      Email: `${key}@lead.example`,
      Phone: "+49 89 1",
      Mobile: "+49 151 2",
      Fax: "+49 89 3",
      Street: "Main St 1",
      City: "Boston",
      State: "Massachusetts",
      Zip_Code: "02108",
      Country: "United States",
      Lead_Source: "Partner",
      Lead_Status: "Contacted",
      Description: "Wants «soon».\nSecond <line>.",
      Tag: [{ name: "hot" }],
      Owner: { id: owners[1] },
    },
    links: { contact: [], convertedContact: [] },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    ...(
      [
        ["NEW", "Not Contacted"],
        ["QUALIFIED", "Pre-Qualified"],
        ["UNQUALIFIED", "Not Qualified"],
      ] as const
    ).map(([status, Lead_Status]) => ({
      input: { status },
      reads: { status, rawStatus: Lead_Status },
      native: { Lead_Status },
    })),
    {
      input: { rawStatus: "Lost Lead" },
      reads: { status: "UNQUALIFIED", rawStatus: "Lost Lead" },
      native: { Lead_Status: "Lost Lead" },
    },
    { input: { tags: [] }, reads: { tags: [] }, native: { Tag: [] } },
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { Owner: { id: owners[0] } } },
  ];
}
