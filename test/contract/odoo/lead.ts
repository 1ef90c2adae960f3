import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  addresses,
  ANYTHING,
  contains,
  CUSTOM_FIELDS,
  dateTime,
  emailFilter,
  html,
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

const STAGES: Readonly<Record<string, string>> = {
  New: "NEW",
  Qualified: "QUALIFIED",
  Proposition: "WORKING",
  Won: "CONVERTED",
};
const RATINGS: Readonly<Record<string, string | null>> = { "0": null, "1": "COLD", "2": "WARM", "3": "HOT" };

function statusOf({ type, active, stage_id: stage }: NativeRecord): string | null {
  if (type === "opportunity") return "CONVERTED";
  if (active === false) return "UNQUALIFIED";
  const name = nameOf(stage);
  return name === null ? null : (STAGES[name] ?? "OTHER");
}

export const lead: ResourceSubject = {
  fields: {
    subject: same("name"),
    fullName: same("contact_name"),
    companyName: same("partner_name"),
    title: same("function"),
    emails: oneEmail("email_from"),
    phones,
    addresses,
    status: { native: ["type", "active", "stage_id"], of: statusOf },
    rawStatus: { native: ["stage_id"], of: ({ stage_id: stage }) => nameOf(stage) },
    rating: { native: ["priority"], of: ({ priority }) => RATINGS[priority as string] },
    rawRating: same("priority"),
    value: {
      native: ["expected_revenue", "company_currency"],
      of: ({ expected_revenue: revenue, company_currency: currency }) => ({
        amount: String(revenue),
        currency: nameOf(currency),
      }),
    },
    source: { native: ["source_id"], of: ({ source_id: source }) => nameOf(source) },
    isConverted: { native: ["type"], of: ({ type }) => type === "opportunity" },
    convertedAt: { ...dateTime("date_conversion"), native: ["date_conversion", "type"] },
    description: html("description"),
    tags: tags("tag_ids"),
    ...ownFieldsOf("crm.lead"),
  },
  filters: {
    email: emailFilter("lead", "email_from"),
    phone: phoneFilter("lead"),
    name: {
      values: () => ["renewal", "Müller", "%", "no such lead"],
      passes: ({ name, contact_name: person }, value: string) => [name, person].some((text) => contains(text, value)),
    },
    search: {
      values: () => ["renewal", "acme", "example.com", "no such thing"],
      passes: (native, value: string) =>
        ["name", "contact_name", "partner_name", "email_from", "phone"].some((field) => contains(native[field], value)),
    },
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    ...sharedFilters("lead"),
  },
  revealsUnlisted: ({ status }) => status === "CONVERTED",
  orders: { ...sharedOrders, NAME: ({ name }) => textOf(name) },
  edges: ["contact", "convertedContact"],
  narrow: {
    columns: { email_from: false, phone: true, partner_name: false, name: true },
    refusedFilters: ["email"],
    writes: () => [
      {
        input: { emails: [], companyName: null, title: "CTO" },
        reads: { emails: [], companyName: null, title: "CTO" },
      },
    ],
    refusedWrites: () => [
      { input: { companyName: "Acme" }, errors: ["input.companyName"] },
      { input: { emails: [{ address: "a@b.example" }] }, errors: ["input.emails"] },
    ],
  },
  // Whether the database has leads switched on.
  decisiveCalls: 1,
  rarelyFurther: ["status", "isConverted", "convertedAt", "convertedContact"],
  required: ["input.subject"],
  minimal: ({ unique }) => ({ subject: `Lead ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: {
    subject: "REFUSED",
    status: { status: null, rawStatus: null },
    rating: { rating: null, rawRating: "0" },
    // Odoo does not distinguish no revenue from a revenue of 0.
    value: { value: { amount: "0", currency: "USD" } },
  },
  refused: () => [
    { input: { status: "OTHER" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "New" }, errors: ["input.rawStatus"] },
    { input: { rating: "OTHER" }, errors: ["input.rating"] },
    { input: { value: { amount: "much", currency: "USD" } }, errors: ["input.value.amount"] },
    { input: { contactId: "abc" }, errors: ["input.contactId"] },
    { input: { emails: [{ address: "a@b.example" }, { address: "c@d.example" }] }, errors: ["input.emails.1"] },
    { input: { phones: [{ number: "1", type: "FAX" }] }, errors: ["input.phones.0"] },
  ],
  unknownThere: () => ({
    input: {
      source: "No such source",
      rawStatus: "No such stage",
      tags: ["No such tag"],
      value: { amount: "1", currency: "XXX" },
      customFields: [{ key: "x_no_such_field", value: "x" }],
    },
    errors: [
      "input.source",
      "input.rawStatus",
      "input.tags.0",
      "input.value.currency",
      "input.customFields.x_no_such_field",
    ],
  }),
  textInputs: ["subject", "fullName", "companyName", "title", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["id", "name", "type", "user_id"],
  standard: {
    fields: [
      { key: "date_deadline", label: "Expected Closing", type: "DATE", value: "2026-12-31", native: "2026-12-31" },
      { key: "website", label: "Website", type: "TEXT", value: "https://a.example", native: "https://a.example" },
      {
        key: "lost_reason_id",
        label: "Lost Reason",
        type: "OTHER",
        value: "3",
        native: [3, "Not enough stock"],
        optionLabels: ["Not enough stock"],
      },
    ],
    readOnly: ["create_uid"],
    inModel: {
      probability: "status",
      stage_id: "status",
      priority: "rating",
      partner_id: "contactId",
      contact_name: "fullName",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      subject: `Licence for “${key}” – Café`,
      fullName: "Maria del Carmen de la Cruz",
      companyName: "Umbrella & Sons",
      title: "Head of Sales",
      emails: [{ address: `${key}@lead.example` }],
      phones: [
        { number: `+49 89 ${key}`, type: "WORK" },
        { number: "+49 151 7654321", type: "MOBILE" },
      ],
      addresses: [
        {
          street1: "Main St 1",
          street2: "c/o Lee",
          city: "Boston",
          state: "Massachusetts",
          postalCode: "02108",
          country: "United States",
        },
      ],
      status: "WORKING",
      rating: "WARM",
      value: { amount: "1250.5", currency: "USD" },
      source: "Web",
      description: "Wants «soon».\nSecond <line>.",
      tags: ["Product", "Training"],
      ownerId: owners[1],
    },
    reads: {
      rawStatus: "Proposition",
      rawRating: "2",
      isConverted: false,
    },
    native: {
      type: "lead",
      name: `Licence for “${key}” – Café`,
      contact_name: "Maria del Carmen de la Cruz",
      partner_name: "Umbrella & Sons",
      function: "Head of Sales",
      email_from: `${key}@lead.example`,
      phone: `+49 89 ${key}`,
      mobile: "+49 151 7654321",
      street: "Main St 1",
      street2: "c/o Lee",
      city: "Boston",
      zip: "02108",
      stage_id: [ANYTHING, "Proposition"],
      priority: "2",
      expected_revenue: 1250.5,
      source_id: [ANYTHING, "Web"],
      $tags: ["Product", "Training"],
      user_id: [Number(owners[1]), ANYTHING],
    },
    links: { convertedContact: [] },
  });
}

function variants({ bareContact, owners }: Fresh): WriteCase[] {
  return [
    ...(
      [
        ["NEW", "New"],
        ["QUALIFIED", "Qualified"],
        ["CONVERTED", "Won"],
      ] as const
    ).map(([status, stage]) => ({
      input: { status },
      reads: { status, rawStatus: stage },
      native: { type: "lead", stage_id: [ANYTHING, stage], active: true },
    })),
    { input: { status: "UNQUALIFIED" }, reads: { status: "UNQUALIFIED" }, native: { active: false, probability: 0 } },
    {
      input: { rawStatus: "Qualified" },
      reads: { status: "QUALIFIED", rawStatus: "Qualified" },
      native: { stage_id: [ANYTHING, "Qualified"] },
    },
    ...(
      [
        ["HOT", "3"],
        ["COLD", "1"],
      ] as const
    ).map(([rating, priority]) => ({
      input: { rating },
      reads: { rating, rawRating: priority },
      native: { priority },
    })),
    {
      input: { firstName: "Maria del Carmen", lastName: "Lopez", fullName: undefined },
      reads: { fullName: "Maria del Carmen Lopez" },
      native: { contact_name: "Maria del Carmen Lopez" },
    },
    {
      input: { value: { amount: "0.99", currency: "USD" } },
      reads: { value: { amount: "0.99", currency: "USD" } },
      native: { expected_revenue: 0.99 },
    },
    {
      // Odoo would replace the lead's details by those of the contact.
      input: { contactId: bareContact },
      reads: {},
      native: { partner_id: [Number(bareContact), ANYTHING] },
      links: { contact: [bareContact] },
    },
    {
      input: { ownerId: owners[0] },
      reads: { owner: { id: owners[0] } },
      native: { user_id: [Number(owners[0]), ANYTHING] },
    },
  ];
}
