import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addresses,
  ANYTHING,
  contains,
  CUSTOM_FIELDS,
  emailFilter,
  html,
  idOf,
  MALFORMED_IDS,
  MISSING_IDS,
  nameOf,
  oneEmail,
  ownFieldsOf,
  phoneFilter,
  phones,
  sharedFilters,
  sharedOrders,
  tags,
} from "./shared.js";

/** The first company of the seed. Companies are also partners. */
const FIRST_COMPANY = "Acme GmbH";

export const contact: ResourceSubject = {
  fields: {
    fullName: { native: ["name", "email"], of: ({ name, email }) => textOf(name) ?? textOf(email) ?? "" },
    title: same("function"),
    emails: oneEmail("email"),
    phones,
    addresses,
    company: {
      native: ["parent_id", "company_name"],
      of: ({ parent_id: parent, company_name: name }) =>
        Array.isArray(parent)
          ? { id: idOf(parent), name: nameOf(parent) }
          : textOf(name) === null
            ? null
            : { id: null, name },
    },
    websites: { native: ["website"], of: ({ website }) => [textOf(website)].filter((site) => site !== null) },
    description: html("comment"),
    tags: tags("category_id"),
    ...ownFieldsOf("res.partner"),
  },
  filters: {
    email: emailFilter("contact", "email"),
    phone: phoneFilter("contact"),
    name: {
      values: () => ["müller", "A", "O'Brien", "%", "_", "no such name"],
      passes: ({ name }, value: string) => contains(name, value),
    },
    search: {
      values: () => ["müller", "acme", "+1 617", "example.com", "no such thing"],
      passes: ({ name, email, phone, parent_id: parent }, value: string) =>
        [name, email, phone, nameOf(parent)].some((text) => contains(text, value)),
    },
    ...sharedFilters("contact"),
  },
  orders: { ...sharedOrders, NAME: ({ name }) => textOf(name) },
  // Users are contacts, too.
  isKept: ({ email }, owners) => owners.some((owner) => owner.email === email),
  edges: ["meetings", "leads"],
  narrow: {
    columns: { email: true, phone: false, mobile: true, website: false },
    refusedFilters: [],
    writes: () => [
      {
        input: { phones: [{ number: "+1 1" }], websites: [], title: "CTO" },
        reads: { phones: [{ number: "+1 1", type: "MOBILE" }], websites: [], title: "CTO" },
      },
    ],
    refusedWrites: () => [{ input: { websites: ["https://a.example"] }, errors: ["input.websites"] }],
  },
  required: ["input.fullName", "input.firstName", "input.lastName"],
  minimal: ({ unique }) => ({ fullName: `Person ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { fullName: "REFUSED" },
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    { input: { emails: [{ address: "a@b.example" }, { address: "c@d.example" }] }, errors: ["input.emails.1"] },
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    { input: { phones: [{ number: "1", type: "HOME" }] }, errors: ["input.phones.0"] },
    { input: { phones: ["1", "2", "3"].map((number) => ({ number })) }, errors: ["input.phones.2"] },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { company: { id: "Acme" } }, errors: ["input.company.id"] },
    { input: { websites: ["https://a.example", "https://b.example"] }, errors: ["input.websites.1"] },
    { input: { fullName: "Ann Lee", firstName: "Bob", lastName: "Lee" }, errors: ["input.fullName"] },
    { input: { lifecycleStage: "LEAD", websites: ["a", "b"] }, errors: ["input.lifecycleStage", "input.websites.1"] },
  ],
  textInputs: ["fullName", "title", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["id", "name", "user_id", "x-crmesh-note"],
  standard: {
    fields: [
      {
        key: "lang",
        label: "Language",
        type: "SELECT",
        value: "de_DE",
        native: "de_DE",
        optionLabels: ["German / Deutsch"],
      },
      { key: "ref", label: "Reference", type: "TEXT", value: "C-0815", native: "C-0815" },
    ],
    // The people of a company share its tax number, and only a person has the address of the company.
    readOnly: ["vat", "type", "create_uid"],
    inModel: { name: "fullName", parent_id: "company", phone: "phones", user_id: "ownerId", complete_name: "fullName" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, companies, owners }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      fullName: `Maria del Carmen de la Cruz ${key}`,
      title: "VP Engineering",
      emails: [{ address: `${key}@full.example` }],
      phones: [
        { number: "+49 89 1234567", type: "WORK" },
        { number: "+49 151 7654321", type: "MOBILE" },
      ],
      addresses: [
        {
          street1: "Main St 1",
          street2: "Back door",
          city: "Córdoba",
          state: "California",
          postalCode: "95014",
          country: "United States",
        },
      ],
      company: { id: companies[0] },
      websites: ["https://www.example.com/a?b=c"],
      description: 'Likes "quotes" & <angles>.\nSecond line.',
      // Odoo shows tags by their names, capitals first.
      tags: ["Do not contact", "customer"],
      ownerId: owners[1],
    },
    reads: {
      phones: [
        { number: "+49 89 1234567", type: "WORK", isPrimary: true },
        { number: "+49 151 7654321", type: "MOBILE", isPrimary: false },
      ],
      company: { id: companies[0], name: FIRST_COMPANY },
    },
    native: {
      name: `Maria del Carmen de la Cruz ${key}`,
      function: "VP Engineering",
      email: `${key}@full.example`,
      phone: "+49 89 1234567",
      mobile: "+49 151 7654321",
      street: "Main St 1",
      street2: "Back door",
      city: "Córdoba",
      state_id: [ANYTHING, "California (US)"],
      zip: "95014",
      country_id: [ANYTHING, "United States"],
      parent_id: [Number(companies[0]), FIRST_COMPANY],
      company_name: false,
      website: "https://www.example.com/a?b=c",
      $tags: ["Do not contact", "customer"],
      user_id: [Number(owners[1]), ANYTHING],
    },
  });
}

function variants({ unique, owners }: Fresh): WriteCase[] {
  const key = unique();
  return [
    {
      input: { firstName: "Maria del Carmen", lastName: `de la Cruz ${key}`, fullName: undefined },
      reads: { fullName: `Maria del Carmen de la Cruz ${key}` },
      native: { name: `Maria del Carmen de la Cruz ${key}` },
    },
    {
      input: { firstName: null, lastName: `Only ${key}`, fullName: undefined },
      reads: { fullName: `Only ${key}` },
      native: { name: `Only ${key}` },
    },
    {
      input: { company: { name: "One-woman business" } },
      reads: { company: { id: null, name: "One-woman business" } },
      native: { parent_id: false, company_name: "One-woman business" },
    },
    {
      input: { phones: [{ number: "+1 1" }, { number: "+1 2", type: "WORK" }] },
      reads: {
        phones: [
          { number: "+1 2", type: "WORK" },
          { number: "+1 1", type: "MOBILE" },
        ],
      },
      native: { phone: "+1 2", mobile: "+1 1" },
    },
    {
      // Odoo's places have a name and a code.
      input: { addresses: [{ city: "Toronto", state: "on", country: "CA" }] },
      reads: { addresses: [{ street1: null, city: "Toronto", state: "Ontario", country: "Canada" }] },
      native: { street: false, city: "Toronto", state_id: [ANYTHING, "Ontario (CA)"], zip: false },
    },
    { input: { tags: ["lead"] }, reads: { tags: ["lead"] }, native: { $tags: ["lead"] } },
    { input: { tags: [] }, reads: { tags: [] }, native: { $tags: [] } },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] } },
      native: { user_id: [Number(owners[0]), ANYTHING] },
    },
  ];
}
