import { expect } from "@jest/globals";
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
  lookup,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  phoneFilter,
  phonesIn,
  sharedFilters,
  sharedOrders,
} from "./shared.js";

const PHONES = ["Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"];
const parts = (kind: string) =>
  [`${kind}_Street`, `${kind}_City`, `${kind}_State`, `${kind}_Zip`, `${kind}_Country`] as const;

export const contact: ResourceSubject = {
  fields: {
    firstName: same("First_Name"),
    lastName: same("Last_Name"),
    fullName: same("Full_Name"),
    title: same("Title"),
    department: same("Department"),
    emails,
    phones: phonesIn([
      ["Phone", "WORK"],
      ["Mobile", "MOBILE"],
      ["Home_Phone", "HOME"],
      ["Other_Phone", "OTHER"],
      ["Asst_Phone", "OTHER", "Asst_Phone"],
      ["Fax", "FAX"],
    ]),
    addresses: addressesIn([
      ["MAILING", parts("Mailing")],
      ["OTHER", parts("Other")],
    ]),
    company: { native: ["Account_Name"], of: ({ Account_Name: firm }) => firm },
    leadSource: same("Lead_Source"),
    description: same("Description"),
    doNotContact: { native: ["Email_Opt_Out"], of: ({ Email_Opt_Out: ticked }) => ticked },
    lastActivityAt: dateTime("Last_Activity_Time"),
    ...ownFieldsOf("Contacts"),
  },
  filters: {
    email: emailFilter("contact"),
    phone: phoneFilter("contact", PHONES),
    name: {
      values: () => ["müller", "carmen de la", "O'Brien", "%", "_", "no such name"],
      passes: ({ Full_Name: name }, value: string) => contains([name], value),
    },
    search: {
      values: () => ["müller", "acme gmbh", "617 555", "example.com", "no such thing"],
      passes: ({ Full_Name: name, Email, Phone, Mobile, Account_Name: firm }, value: string) =>
        contains([name, Email, Phone, Mobile, lookup(firm)?.name], value),
    },
    ...sharedFilters("contact"),
  },
  orders: { ...sharedOrders, NAME: ({ Last_Name: name }) => textOf(name)?.toLowerCase() ?? null },
  edges: ["meetings", "leads"],
  narrow: {
    columns: { Email: true, Secondary_Email: false, Mobile: false },
    refusedFilters: [],
    writes: () => [
      {
        input: { phones: [{ number: "+1 1" }, { number: "+1 2" }], emails: [] },
        reads: {
          phones: [
            { number: "+1 1", type: "WORK" },
            { number: "+1 2", type: "HOME" },
          ],
        },
      },
    ],
    refusedWrites: () => [
      { input: { emails: [{ address: "a@b.example" }, { address: "c@d.example" }] }, errors: ["input.emails.1"] },
      { input: { phones: [{ number: "+1 3", type: "FAX" }] }, errors: ["input.phones.0"] },
    ],
  },
  required: ["input.lastName"],
  minimal: ({ unique }) => ({ lastName: `Person ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { lastName: "REFUSED", ownerId: "REFUSED", doNotContact: { doNotContact: false } },
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    {
      input: { emails: ["a", "b", "c"].map((name) => ({ address: `${name}@x.example` })) },
      errors: ["input.emails.2"],
    },
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    {
      input: { phones: Array.from({ length: 7 }, (_, index) => ({ number: String(index) })) },
      errors: ["input.phones.6"],
    },
    { input: { addresses: [{ city: "A" }, { city: "B" }, { city: "C" }] }, errors: ["input.addresses.2"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { addresses: [{ city: "A", street2: "Back door" }] }, errors: ["input.addresses.0.street2"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { fullName: "Ann Lee", websites: ["https://a.example"] }, errors: ["input.fullName", "input.websites"] },
  ],
  textInputs: ["firstName", "lastName", "title", "department", "leadSource", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Last_Name", "Owner", "Modified_Time"],
  standard: {
    fields: [
      { key: "Date_of_Birth", label: "Date of Birth", type: "DATE", value: "1980-02-29", native: "1980-02-29" },
      { key: "Skype_ID", label: "Skype ID", type: "TEXT", value: "ann.lee", native: "ann.lee" },
      {
        key: "Salutation",
        label: "Salutation",
        type: "SELECT",
        value: "Dr.",
        native: "Dr.",
        optionLabels: ["Dr."],
      },
    ],
    readOnly: ["Unsubscribed_Time"],
    inModel: {
      Last_Name: "lastName",
      Owner: "ownerId",
      Account_Name: "company",
      Asst_Phone: "phones",
      Tag: "tags",
      Modified_Time: "updatedAt",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, companies, owners }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      title: "VP Engineering",
      department: "R&D",
      emails: [{ address: `${key}@full.example` }, { address: `${key}@second.example` }],
      phones: [
        { number: "+49 89 1", type: "WORK" },
        { number: "+49 151 2", type: "MOBILE" },
        { number: "+49 89 3", type: "HOME" },
        { number: "+49 89 4", type: "OTHER" },
        { number: "+49 89 5", type: "OTHER" },
        { number: "+49 89 6", type: "FAX" },
      ],
      addresses: [
        {
          type: "MAILING",
          street1: "Main St 1",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
        { type: "OTHER", street1: "Rue 2", city: "Lyon", country: "France" },
      ],
      company: { id: companies[0] },
      leadSource: "Web Download",
      description: 'Likes "quotes" & <angles>.\nSecond line.',
      doNotContact: true,
      tags: ["vip", "Fair 2026"],
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1", type: "WORK", isPrimary: true },
        { number: "+49 151 2", type: "MOBILE", isPrimary: false },
        { number: "+49 89 3", type: "HOME" },
        { number: "+49 89 4", type: "OTHER" },
        { number: "+49 89 5", type: "OTHER", rawType: "Asst_Phone" },
        { number: "+49 89 6", type: "FAX" },
      ],
      addresses: [
        {
          type: "MAILING",
          street1: "Main St 1",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
        { type: "OTHER", street1: "Rue 2", street2: null, city: "Lyon", state: null, country: "France" },
      ],
      company: { id: companies[0], name: expect.any(String) },
      owner: { id: owners[1], name: "Peter Pan", email: "peter@example.com" },
    },
    native: {
      First_Name: "Maria del Carmen",
      Last_Name: `de la Cruz ${key}`,
      Title: "VP Engineering",
      Department: "R&D",
      Email: `${key}@full.example`,
      Secondary_Email: `${key}@second.example`,
      Phone: "+49 89 1",
      Mobile: "+49 151 2",
      Home_Phone: "+49 89 3",
      Other_Phone: "+49 89 4",
      Asst_Phone: "+49 89 5",
      Fax: "+49 89 6",
      Mailing_Street: "Main St 1",
      Mailing_City: "München",
      Mailing_State: "Bavaria",
      Mailing_Zip: "80331",
      Mailing_Country: "Germany",
      Other_Street: "Rue 2",
      Other_City: "Lyon",
      Other_Country: "France",
      Account_Name: { id: companies[0] },
      Lead_Source: "Web Download",
      Description: 'Likes "quotes" & <angles>.\nSecond line.',
      Email_Opt_Out: true,
      Tag: [{ name: "vip" }, { name: "Fair 2026" }],
      Owner: { id: owners[1] },
    },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    { input: { firstName: null }, reads: { firstName: null }, native: { First_Name: null } },
    {
      // An untyped number takes the first free field.
      input: { phones: [{ number: "+1 1" }, { number: "+1 2", type: "WORK" }] },
      reads: {
        phones: [
          { number: "+1 2", type: "WORK" },
          { number: "+1 1", type: "MOBILE" },
        ],
      },
      native: { Phone: "+1 2", Mobile: "+1 1", Home_Phone: null },
    },
    {
      input: { addresses: [{ city: "Lyon" }] },
      reads: { addresses: [{ type: "MAILING", street1: null, city: "Lyon" }] },
      native: { Mailing_Street: null, Mailing_City: "Lyon", Other_City: null },
    },
    { input: { doNotContact: false }, reads: { doNotContact: false }, native: { Email_Opt_Out: false } },
    // Zoho adds sources that its list lacks.
    {
      input: { leadSource: "Word of mouth" },
      reads: { leadSource: "Word of mouth" },
      native: { Lead_Source: "Word of mouth" },
    },
    { input: { tags: ["one"] }, reads: { tags: ["one"] }, native: { Tag: [{ name: "one" }] } },
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { Owner: { id: owners[0] } } },
  ];
}
