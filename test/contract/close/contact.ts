import { expect } from "@jest/globals";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { FieldTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  customFields,
  dateFilters,
  dateOrders,
  emailFilter,
  hasAllWords,
  malformedIds,
  missingIds,
  phoneFilter,
  stamps,
} from "./shared.js";

const EMAIL_TYPES: Readonly<Record<string, string>> = { office: "WORK", home: "PERSONAL", other: "OTHER" };
const PHONE_TYPES: Readonly<Record<string, string>> = { office: "WORK", mobile: "MOBILE", home: "HOME", fax: "FAX" };

export const emails: FieldTruth = {
  native: ["emails"],
  of: ({ emails: list }) =>
    (list as { email: string; type: string }[]).map(({ email, type }, index) => ({
      address: email,
      type: EMAIL_TYPES[type],
      rawType: type,
      isPrimary: index === 0,
    })),
};

export const phones: FieldTruth = {
  native: ["phones"],
  of: ({ phones: list }) =>
    (list as { phone: string; type: string }[]).map(({ phone, type }, index) => ({
      number: phone,
      type: PHONE_TYPES[type],
      rawType: type,
      isPrimary: index === 0,
    })),
};

export const contact: ResourceSubject = {
  fields: {
    fullName: {
      native: ["name", "display_name"],
      of: ({ name, display_name: shown }) => textOf(name) ?? textOf(shown) ?? "",
    },
    title: same("title"),
    emails,
    phones,
    websites: { native: ["urls"], of: ({ urls }) => (urls as { url: string }[]).map(({ url }) => url) },
    company: {
      native: ["lead_id"],
      of: ({ lead_id: id }, world) => ({ id, name: world.records.lead.get(String(id))!["display_name"] }),
    },
    ...stamps,
  },
  filters: {
    name: {
      values: () => ["müller", "Maria CARMEN", "O'Brien", "Mari", "%", "no such name"],
      passes: ({ name }, value: string) => hasAllWords(value, name),
    },
    search: {
      values: () => ["müller", "ceo garcia", "private", "no such thing"],
      passes: ({ name, title, emails: list, phones: numbers }, value: string) =>
        hasAllWords(
          value,
          name,
          title,
          ...(list as { email: string }[]).map(({ email }) => email),
          ...(numbers as { phone: string }[]).map(({ phone }) => phone),
        ),
    },
    email: emailFilter((native) => [native]),
    phone: phoneFilter((native) => [native]),
    ...dateFilters("contact"),
  },
  orders: dateOrders,
  edges: ["meetings", "leads"],
  required: ["input.fullName", "input.firstName", "input.lastName", "input.emails", "input.phones"],
  minimal: ({ unique, companies }) => ({
    fullName: `Person ${unique()}`,
    company: { id: companies[1] ?? companies[0] },
  }),
  full,
  variants,
  createOnly: ["company"],
  // Close shows a contact without a name by its first address.
  notCleared: { fullName: { fullName: expect.stringContaining("@full.example") } },
  refused: () => [
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    { input: { phones: [{ number: "" }] }, errors: ["input.phones.0.number"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.id"] },
    { input: { fullName: "Ann Lee", firstName: "Bob", lastName: "Lee" }, errors: ["input.fullName"] },
    {
      input: { lifecycleStage: "LEAD", addresses: [{ city: "A" }], emails: [{ address: "" }] },
      errors: ["input.lifecycleStage", "input.addresses", "input.emails.0.address"],
    },
  ],
  textInputs: ["fullName", "title"],
  custom: customFields("contact"),
  standardKeys: ["id", "name", "lead_id", "custom", "custom.name"],
  // The model has all fields that a request may have.
  standard: {
    fields: [],
    readOnly: ["created_by", "timezone"],
    inModel: { title: "title", lead_id: "company", urls: "websites", date_created: "createdAt" },
  },
  missingIds: missingIds("cont"),
  malformedIds: malformedIds("cont"),
};

function full({ unique, companies }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      fullName: `Maria del Carmen de la Cruz ${key}`,
      title: "VP Engineering",
      emails: [
        { address: `${key}@full.example`, type: "WORK" },
        { address: `${key}@home.example`, type: "PERSONAL" },
      ],
      phones: [
        { number: "+49891234567", type: "WORK" },
        { number: "+491517654321", type: "MOBILE" },
        { number: "+49301", type: "FAX" },
      ],
      websites: ["https://www.example.com/a?b=c", "https://other.example"],
      company: { id: companies[0] },
    },
    reads: {
      company: { id: companies[0], name: expect.any(String) },
    },
    native: {
      name: `Maria del Carmen de la Cruz ${key}`,
      title: "VP Engineering",
      emails: [
        { email: `${key}@full.example`, type: "office" },
        { email: `${key}@home.example`, type: "home" },
      ],
      phones: [
        { phone: "+49891234567", type: "office" },
        { phone: "+491517654321", type: "mobile" },
        { phone: "+49301", type: "fax" },
      ],
      urls: [
        { url: "https://www.example.com/a?b=c", type: "url" },
        { url: "https://other.example", type: "url" },
      ],
      lead_id: companies[0],
    },
  });
}

function variants({ unique }: Fresh): WriteCase[] {
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
      // Close makes it one of the office.
      input: { emails: [{ address: `untyped.${key}@full.example` }] },
      reads: { emails: [{ address: `untyped.${key}@full.example`, type: "WORK", rawType: "office" }] },
      native: { emails: [{ email: `untyped.${key}@full.example`, type: "office" }] },
    },
    {
      input: { phones: [{ number: "+1 617 555-0100", type: "HOME" }] },
      reads: { phones: [{ number: "+16175550100", type: "HOME" }] },
      native: { phones: [{ phone: "+16175550100", type: "home" }] },
    },
    {
      input: { phones: [{ number: "110", type: "OTHER" }], emails: [] },
      reads: { phones: [{ number: "110", type: "OTHER" }], emails: [] },
      native: { phones: [{ phone: "110", type: "other" }], emails: [] },
    },
    { input: { websites: [] }, reads: { websites: [] }, native: { urls: [] } },
  ];
}
