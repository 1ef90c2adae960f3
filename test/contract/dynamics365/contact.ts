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

export const contact: ResourceSubject = {
  fields: {
    firstName: same("firstname"),
    lastName: same("lastname"),
    fullName: { native: ["fullname"], of: ({ fullname }) => textOf(fullname) ?? "" },
    title: same("jobtitle"),
    department: same("department"),
    emails,
    phones: phonesIn([
      ["telephone1", "WORK"],
      ["mobilephone", "MOBILE"],
      ["telephone2", "HOME"],
      ["telephone3", "OTHER"],
      ["fax", "FAX"],
      ["company", "OTHER", "company"],
    ]),
    addresses: addressesIn("address1", "address2", "address3"),
    company: {
      native: ["_parentcustomerid_value"],
      of: (record) =>
        record["_parentcustomerid_value_LogicalName"] === "account"
          ? { id: record["_parentcustomerid_value"], name: record["_parentcustomerid_value_Formatted"] }
          : null,
    },
    leadSource: labelled("leadsourcecode"),
    description: same("description"),
    websites: { native: ["websiteurl"], of: ({ websiteurl }) => [textOf(websiteurl)].filter((site) => site !== null) },
    doNotContact: {
      native: ["donotemail", "donotphone"],
      of: ({ donotemail, donotphone }) => donotemail === true && donotphone === true,
    },
    ...ownFieldsOf("contact", "contactid"),
  },
  filters: {
    name: words(["fullname"], "müller", "maria cruz", "O'Brien", "o' o'"),
    search: words(
      ["fullname", ...EMAILS, "telephone1", "mobilephone", "jobtitle"],
      "müller",
      "ceo maria",
      "617 555",
      "private.example",
    ),
    email: anyOf("contact", EMAILS),
    phone: anyOf("contact", ["telephone1", "mobilephone", "telephone2", "telephone3", "fax", "company"]),
    ...sharedFilters("contact"),
  },
  orders: { ...sharedOrders, NAME: ({ fullname }) => textOf(fullname)?.toLowerCase() ?? null },
  edges: ["meetings", "leads"],
  narrow: {
    columns: { emailaddress1: true, emailaddress3: false, department: false, _ownerid_value: true },
    refusedFilters: [],
    writes: () => [],
    refusedWrites: () => [],
  },
  required: ["input.lastName", "input.firstName", "input.emails"],
  minimal: ({ unique }) => ({ lastName: `Minimal ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { doNotContact: { doNotContact: false }, ownerId: "REFUSED" },
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    {
      input: { emails: ["a", "b", "c", "d"].map((name) => ({ address: `${name}@b.example` })) },
      errors: ["input.emails.3"],
    },
    {
      input: {
        phones: [
          { number: "1", type: "MOBILE" },
          { number: "2", type: "MOBILE" },
        ],
      },
      errors: ["input.phones.1"],
    },
    {
      input: { phones: ["1", "2", "3", "4", "5", "6", "7"].map((number) => ({ number })) },
      errors: ["input.phones.6"],
    },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { addresses: ["A", "B", "C", "D"].map((city) => ({ city })) }, errors: ["input.addresses.3"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { company: { id: "1" } }, errors: ["input.company.id"] },
    { input: { websites: ["https://a.example", "https://b.example"] }, errors: ["input.websites.1"] },
    {
      input: { lifecycleStage: "LEAD", customFields: [{ key: "address1_city", value: "x" }] },
      errors: ["input.lifecycleStage", "input.customFields.0.key"],
    },
  ],
  unknownThere: () => ({
    input: { leadSource: "No such source", ownerId: MISSING_IDS[0], company: { id: MISSING_IDS[0] } },
    errors: ["input.leadSource", "input.ownerId", "input.company.id"],
  }),
  textInputs: ["firstName", "lastName", "title", "department", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["firstname", "contactid", "address1_city", "ownerid"],
  standard: {
    fields: [
      { key: "birthdate", label: "Birthday", type: "DATE", value: "1980-02-29", native: "1980-02-29" },
      { key: "numberofchildren", label: "No. of Children", type: "NUMBER", value: 2, native: 2 },
      { key: "creditonhold", label: "Credit Hold", type: "BOOLEAN", value: true, native: true },
      {
        key: "preferredcontactmethodcode",
        label: "Preferred Method of Contact",
        type: "SELECT",
        value: "3",
        native: 3,
        optionLabels: ["Phone"],
      },
    ],
    readOnly: ["creditlimit_base"],
    inModel: {
      firstname: "firstName",
      mobilephone: "phones",
      parentcustomerid: "company",
      ownerid: "ownerId",
      leadsourcecode: "leadSource",
      donotphone: "doNotContact",
      createdon: "createdAt",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners, companies }: Fresh): WriteCase {
  const key = unique();
  const addresses = [`${key}@full.example`, `${key}@second.example`, `${key}@third.example`];
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: "de la Cruz",
      title: "VP Engineering",
      department: "Sales & Service",
      emails: addresses.map((address) => ({ address })),
      phones: [
        { number: "+49 89 1234567", type: "WORK" },
        { number: "+49 151 7654321", type: "MOBILE" },
        { number: "+49 89 999", type: "FAX" },
        { number: "+49 89 111", type: "HOME" },
        { number: "+49 89 222", type: "OTHER" },
      ],
      addresses: [
        {
          street1: "Main St 1",
          street2: "Floor 2\nDoor 3",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
        { city: "Lyon" },
      ],
      company: { id: companies[0] },
      leadSource: "Trade Show",
      description: 'Met "there".\nSecond line & <more>',
      websites: ["https://www.example.com/a?b=c"],
      doNotContact: true,
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1234567", type: "WORK", isPrimary: true },
        { number: "+49 151 7654321", type: "MOBILE" },
        { number: "+49 89 111", type: "HOME" },
        { number: "+49 89 222", type: "OTHER" },
        { number: "+49 89 999", type: "FAX" },
      ],
      addresses: [
        { street1: "Main St 1", street2: "Floor 2\nDoor 3", city: "München", country: "Germany" },
        { street1: null, city: "Lyon" },
      ],
    },
    native: {
      firstname: "Maria del Carmen",
      lastname: "de la Cruz",
      jobtitle: "VP Engineering",
      department: "Sales & Service",
      emailaddress1: addresses[0],
      emailaddress2: addresses[1],
      emailaddress3: addresses[2],
      telephone1: "+49 89 1234567",
      mobilephone: "+49 151 7654321",
      telephone2: "+49 89 111",
      telephone3: "+49 89 222",
      fax: "+49 89 999",
      address1_line1: "Main St 1",
      address1_line2: "Floor 2",
      address1_line3: "Door 3",
      address1_city: "München",
      address1_stateorprovince: "Bavaria",
      address1_postalcode: "80331",
      address1_country: "Germany",
      address2_city: "Lyon",
      _parentcustomerid_value: companies[0],
      leadsourcecode: 7,
      websiteurl: "https://www.example.com/a?b=c",
      donotemail: true,
      donotphone: true,
      _ownerid_value: owners[1],
    },
  });
}

function variants({ unique, owners, companies }: Fresh): WriteCase[] {
  const key = unique();
  return [
    {
      input: { emails: [{ address: `  ${key}@one.example ` }] },
      reads: { emails: [{ address: `${key}@one.example`, isPrimary: true }] },
      native: { emailaddress1: `${key}@one.example`, emailaddress2: null, emailaddress3: null },
    },
    {
      // Untyped numbers take the fields that the typed number leaves free.
      input: { phones: [{ number: " +1 1 " }, { number: "+1 2\n", type: "WORK" }] },
      reads: {
        phones: [
          { number: "+1 2", type: "WORK" },
          { number: "+1 1", type: "MOBILE" },
        ],
      },
      native: { telephone1: "+1 2", mobilephone: "+1 1", telephone2: null, company: null },
    },
    {
      input: { addresses: [{ street2: "Floor 2" }] },
      reads: { addresses: [{ street1: null, street2: "Floor 2", city: null }] },
      native: { address1_line1: null, address1_line2: "Floor 2", address1_line3: null, address2_city: null },
    },
    {
      input: { company: { id: companies[1] } },
      reads: { company: { id: companies[1] } },
      native: { _parentcustomerid_value: companies[1] },
    },
    { input: { company: { id: null } }, reads: { company: null }, native: { _parentcustomerid_value: null } },
    // By its number, as raw as it can be.
    { input: { leadSource: "10" }, reads: { leadSource: "Other" }, native: { leadsourcecode: 10 } },
    // The last owner is a team.
    {
      input: { ownerId: owners.at(-1) },
      reads: { owner: { id: owners.at(-1) } },
      native: { _ownerid_value: owners.at(-1) },
    },
  ];
}
