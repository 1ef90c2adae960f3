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

const PHONES = ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax"];
const FIRST_ACCOUNT = "Acme GmbH";

export const contact: ResourceSubject = {
  fields: {
    firstName: same("FirstName"),
    lastName: same("LastName"),
    fullName: same("Name"),
    title: same("Title"),
    department: same("Department"),
    emails: oneEmail,
    phones: phonesIn([
      ["Phone", "WORK"],
      ["MobilePhone", "MOBILE"],
      ["HomePhone", "HOME"],
      ["OtherPhone", "OTHER"],
      ["AssistantPhone", "OTHER", "AssistantPhone"],
      ["Fax", "FAX"],
    ]),
    addresses: addressesIn([
      ["Mailing", "MAILING"],
      ["Other", "OTHER"],
    ]),
    company: {
      native: ["AccountId", "Account.Name"],
      of: ({ AccountId: id, "Account.Name": name }) => (textOf(id) === null ? null : { id, name }),
    },
    leadSource: same("LeadSource"),
    description: same("Description"),
    doNotContact: { native: ["DoNotCall"], of: ({ DoNotCall: ticked }) => ticked },
    lastActivityAt: day("LastActivityDate"),
    ...ownFieldsOf(),
  },
  filters: {
    email: emailFilter("contact"),
    phone: phoneFilter("contact", PHONES),
    name: {
      values: () => ["müller", "maria cruz", "O'Brien", "%", "_", "no such name"],
      passes: ({ Name }, value: string) => hasWords([Name], value),
    },
    search: {
      values: () => ["müller", "maria acme", "617 555", "example.com", "no such thing"],
      passes: (native, value: string) =>
        hasWords(
          ["Name", "Email", "Phone", "MobilePhone", "Account.Name"].map((column) => native[column]),
          value,
        ),
    },
    ...sharedFilters("contact"),
  },
  orders: { ...sharedOrders, NAME: ({ LastName }) => textOf(LastName)?.toLowerCase() ?? null },
  edges: ["meetings", "leads"],
  narrow: {
    columns: { Phone: true, MobilePhone: false, Department: false, "Account.Name": true },
    refusedFilters: [],
    writes: () => [
      {
        input: { phones: [{ number: "+1 1", type: "WORK" }, { number: "+1 2" }] },
        reads: { phones: [{ number: "+1 1" }, { number: "+1 2", type: "HOME" }] },
      },
      { input: { department: null, title: "CTO" }, reads: { title: "CTO", department: null } },
    ],
    refusedWrites: () => [
      { input: { phones: [{ number: "+1 3", type: "FAX" }] }, errors: ["input.phones.0"] },
      { input: { department: "R&D" }, errors: ["input.department"] },
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
    { input: { emails: [{ address: "a@b.example" }, { address: "c@d.example" }] }, errors: ["input.emails.1"] },
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    {
      input: { phones: Array.from({ length: 7 }, (_, index) => ({ number: String(index) })) },
      errors: ["input.phones.6"],
    },
    {
      input: {
        phones: [
          { number: "1", type: "HOME" },
          { number: "2", type: "HOME" },
        ],
      },
      errors: ["input.phones.1"],
    },
    { input: { addresses: [{ city: "A" }, { city: "B" }, { city: "C" }] }, errors: ["input.addresses.2"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { fullName: "Ann Lee", websites: ["https://a.example"] }, errors: ["input.fullName", "input.websites"] },
  ],
  textInputs: ["firstName", "lastName", "title", "department", "leadSource", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["Id", "LastName", "OwnerId", "Crmesh Note__c"],
  standard: {
    fields: [
      { key: "Birthdate", label: "Birthdate", type: "DATE", value: "1980-02-29", native: "1980-02-29" },
      standardFields.picklist("Salutation", "Salutation", "Dr."),
      standardFields.recordType,
      { key: "HasOptedOutOfEmail", label: "Email Opt Out", type: "BOOLEAN", value: true, native: true },
    ],
    readOnly: ["CreatedById"],
    inModel: {
      LastName: "lastName",
      // Salesforce takes names of fields in any case.
      lastname: "lastName",
      MobilePhone: "phones",
      AccountId: "company",
      OwnerId: "ownerId",
      MailingStateCode: "addresses",
      LastModifiedDate: "updatedAt",
    },
  },
  missingIds: missingIds("contact"),
  malformedIds: malformedIds("contact"),
  columnsReadApart: true,
};

function full({ unique, companies, owners }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      title: "VP Engineering",
      department: "R&D",
      emails: [{ address: `${key}@full.example` }],
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
          street2: "Back door\nThird floor",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
        { type: "OTHER", street1: "Rue 2", city: "Lyon", country: "France" },
      ],
      company: { id: companies[0] },
      leadSource: "Web",
      description: 'Likes "quotes" & <angles>.\nSecond line.',
      doNotContact: true,
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1", type: "WORK", isPrimary: true },
        { number: "+49 151 2", type: "MOBILE", isPrimary: false },
        { number: "+49 89 3", type: "HOME" },
        { number: "+49 89 4", type: "OTHER" },
        { number: "+49 89 5", type: "OTHER", rawType: "AssistantPhone" },
        { number: "+49 89 6", type: "FAX" },
      ],
      addresses: [
        {
          type: "MAILING",
          street1: "Main St 1",
          street2: "Back door\nThird floor",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
        { type: "OTHER", street1: "Rue 2", street2: null, city: "Lyon", state: null, country: "France" },
      ],
      company: { id: companies[0], name: FIRST_ACCOUNT },
    },
    native: {
      FirstName: "Maria del Carmen",
      LastName: `de la Cruz ${key}`,
      Title: "VP Engineering",
      Department: "R&D",
      Email: `${key}@full.example`,
      Phone: "+49 89 1",
      MobilePhone: "+49 151 2",
      HomePhone: "+49 89 3",
      OtherPhone: "+49 89 4",
      AssistantPhone: "+49 89 5",
      Fax: "+49 89 6",
      MailingStreet: "Main St 1\nBack door\nThird floor",
      MailingCity: "München",
      MailingState: "Bavaria",
      MailingPostalCode: "80331",
      MailingCountry: "Germany",
      OtherStreet: "Rue 2",
      OtherCity: "Lyon",
      OtherCountry: "France",
      AccountId: companies[0],
      LeadSource: "Web",
      Description: 'Likes "quotes" & <angles>.\nSecond line.',
      DoNotCall: true,
      OwnerId: owners[1],
    },
  });
}

function variants({ owners }: Fresh): WriteCase[] {
  return [
    { input: { firstName: null }, reads: { firstName: null }, native: { FirstName: null } },
    {
      // An untyped number takes the first free field.
      input: { phones: [{ number: "+1 1" }, { number: "+1 2", type: "WORK" }] },
      reads: {
        phones: [
          { number: "+1 2", type: "WORK" },
          { number: "+1 1", type: "MOBILE" },
        ],
      },
      native: { Phone: "+1 2", MobilePhone: "+1 1", HomePhone: null },
    },
    {
      input: { addresses: [{ city: "Lyon" }] },
      reads: { addresses: [{ type: "MAILING", street1: null, city: "Lyon" }] },
      native: { MailingStreet: null, MailingCity: "Lyon", OtherCity: null },
    },
    { input: { doNotContact: false }, reads: { doNotContact: false }, native: { DoNotCall: false } },
    { input: { leadSource: "Trade Fair" }, reads: { leadSource: "Trade Fair" }, native: { LeadSource: "Trade Fair" } },
    { input: { ownerId: owners[0] }, reads: { owner: { id: owners[0] } }, native: { OwnerId: owners[0] } },
  ];
}
