import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addressesIn,
  anyOf,
  CUSTOM_FIELDS,
  EMAILS,
  emails,
  labelled,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  phonesIn,
  sharedFilters,
  sharedOrders,
  words,
} from "./shared.js";

const RATINGS = [null, "HOT", "WARM", "COLD"];

function statusOf({ statecode, statuscode }: NativeRecord): string {
  if (statecode === 1) return "CONVERTED";
  if (statecode === 2) return "UNQUALIFIED";
  return statuscode === 1 ? "NEW" : statuscode === 2 ? "WORKING" : "OTHER";
}

export const lead: ResourceSubject = {
  fields: {
    firstName: same("firstname"),
    lastName: same("lastname"),
    fullName: same("fullname"),
    title: same("jobtitle"),
    subject: same("subject"),
    companyName: same("companyname"),
    emails,
    phones: phonesIn([
      ["telephone1", "WORK"],
      ["mobilephone", "MOBILE"],
      ["telephone2", "HOME"],
      ["telephone3", "OTHER"],
      ["fax", "FAX"],
    ]),
    addresses: addressesIn("address1", "address2"),
    source: labelled("leadsourcecode"),
    status: { native: ["statecode", "statuscode"], of: statusOf },
    rawStatus: labelled("statuscode"),
    rating: { native: ["leadqualitycode"], of: ({ leadqualitycode: rating }) => RATINGS[Number(rating ?? 0)] },
    rawRating: labelled("leadqualitycode"),
    value: {
      native: ["estimatedamount", "$currency"],
      of: ({ estimatedamount: amount, transactioncurrencyid: currency }) =>
        textOf(amount) === null
          ? null
          : { amount: String(amount), currency: (currency as NativeRecord)["isocurrencycode"] },
    },
    isConverted: { native: ["statecode"], of: ({ statecode }) => statecode === 1 },
    description: same("description"),
    ...ownFieldsOf("lead", "leadid"),
  },
  filters: {
    name: words(["fullname"], "müller", "maria cruz", "O'Brien"),
    search: words(
      ["fullname", "subject", "companyname", ...EMAILS, "telephone1", "mobilephone"],
      "müller",
      "renewal acme",
      "617 555",
    ),
    email: anyOf("lead", EMAILS),
    phone: anyOf("lead", ["telephone1", "mobilephone", "telephone2", "telephone3", "fax"]),
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    ...sharedFilters("lead"),
  },
  orders: { ...sharedOrders, NAME: ({ fullname }) => textOf(fullname)?.toLowerCase() ?? null },
  edges: ["contact", "convertedContact"],
  narrow: {
    columns: { emailaddress1: true, emailaddress3: false, companyname: false },
    refusedFilters: [],
    writes: () => [],
    refusedWrites: () => [],
  },
  required: ["input.subject", "input.lastName", "input.firstName", "input.emails"],
  minimal: ({ unique }) => ({ subject: `Lead ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { status: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    { input: { status: "CONVERTED" }, errors: ["input.status"] },
    { input: { status: "QUALIFIED" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "New" }, errors: ["input.rawStatus"] },
    { input: { rating: "OTHER" }, errors: ["input.rating"] },
    { input: { value: { amount: "a lot", currency: "USD" } }, errors: ["input.value.amount"] },
    { input: { fullName: "Ann Lee", addresses: [{ type: "HOME" }] }, errors: ["input.fullName", "input.addresses.0"] },
  ],
  unknownThere: () => ({
    input: {
      source: "No such source",
      rawStatus: "No such reason",
      value: { amount: "1", currency: "XXX" },
      customFields: [{ key: "new_nosuchfield", value: "x" }],
    },
    errors: ["input.source", "input.rawStatus", "input.value.currency", "input.customFields.new_nosuchfield"],
  }),
  textInputs: ["firstName", "lastName", "title", "subject", "companyName", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["subject", "leadid", "address2_city", "estimatedamount"],
  standard: {
    fields: [
      { key: "numberofemployees", label: "No. of Employees", type: "NUMBER", value: 250, native: 250 },
      { key: "industrycode", label: "Industry", type: "SELECT", value: "6", native: 6, optionLabels: ["Consulting"] },
      { key: "donotphone", label: "donotphone", type: "BOOLEAN", value: true, native: true },
    ],
    readOnly: ["revenue_base"],
    inModel: {
      companyname: "companyName",
      estimatedvalue: "value",
      parentcontactid: "contactId",
      statuscode: "status",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners, contacts }: Fresh): WriteCase {
  const key = unique();
  const subject = `Licence for “${key}” – Café`;
  return written({
    input: {
      firstName: "Zoë",
      lastName: "O'Brien",
      title: "Buyer",
      subject,
      companyName: "Umbrella & Sons",
      emails: [{ address: `${key}@lead.example` }, { address: `${key}@home.example` }],
      phones: [
        { number: "+49 89 1", type: "WORK" },
        { number: "+49 151 2", type: "MOBILE" },
      ],
      addresses: [{ street1: "Main St 1", city: "Dublin", postalCode: "D02 X285", country: "Ireland" }],
      source: "Web",
      status: "WORKING",
      rating: "HOT",
      value: { amount: "1250.5", currency: "EUR" },
      description: "Asked for a quote – wants «soon».",
      ownerId: owners[1],
      contactId: contacts[0],
    },
    reads: {
      rawStatus: "Contacted",
      rawRating: "Hot",
      isConverted: false,
    },
    native: {
      firstname: "Zoë",
      lastname: "O'Brien",
      jobtitle: "Buyer",
      subject,
      companyname: "Umbrella & Sons",
      emailaddress1: `${key}@lead.example`,
      emailaddress2: `${key}@home.example`,
      telephone1: "+49 89 1",
      mobilephone: "+49 151 2",
      address1_city: "Dublin",
      leadsourcecode: 8,
      statecode: 0,
      statuscode: 2,
      leadqualitycode: 1,
      estimatedamount: 1250.5,
      _ownerid_value: owners[1],
      _parentcontactid_value: contacts[0],
    },
    links: { convertedContact: [] },
  });
}

function variants({ contacts }: Fresh): WriteCase[] {
  return [
    { input: { status: "NEW" }, reads: { status: "NEW", rawStatus: "New" }, native: { statecode: 0, statuscode: 1 } },
    {
      input: { status: "UNQUALIFIED" },
      reads: { status: "UNQUALIFIED", rawStatus: "Lost", isConverted: false },
      native: { statecode: 2, statuscode: 4 },
    },
    {
      // A reason of another state takes the lead there.
      input: { rawStatus: "no longer interested", description: "Called them." },
      reads: { status: "UNQUALIFIED", rawStatus: "No Longer Interested", description: "Called them." },
      native: { statecode: 2, statuscode: 6 },
    },
    {
      input: { rawStatus: "100000000" },
      reads: { status: "OTHER", rawStatus: "Nurturing" },
      native: { statecode: 0, statuscode: 100000000 },
    },
    {
      input: { contactId: contacts[1] },
      reads: {},
      native: { _parentcontactid_value: contacts[1] },
      links: { contact: [contacts[1]!] },
    },
  ];
}
