import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import * as shared from "./shared.js";

const EMAIL_TYPES: Readonly<Record<string, string>> = { work: "WORK", home: "PERSONAL" };
const PHONE_TYPES: Readonly<Record<string, string>> = { work: "WORK", home: "HOME", mobile: "MOBILE" };

interface Entry {
  value: string;
  label: string;
  primary: boolean;
}

/** The primary entry first. */
function entries(native: unknown, types: Readonly<Record<string, string>>, member: "address" | "number") {
  const list = native as Entry[];
  const ordered = [...list.filter(({ primary }) => primary), ...list.filter(({ primary }) => !primary)];
  return ordered.map(({ value, label, primary }) => ({
    [member]: value,
    type: label === "" ? null : (types[label] ?? "OTHER"),
    rawType: textOf(label),
    isPrimary: primary,
  }));
}

function exactEntry(field: string): FilterTruth {
  return {
    values(world) {
      const several = [...world.records.contact.values()].find((native) => shared.valuesOf(native[field]).length > 1)!;
      const [first, second] = shared.valuesOf(several[field]);
      return [first, second, first!.toUpperCase(), first!.slice(0, -1), "nobody@example.com"];
    },
    passes: (native, value: string) =>
      shared.valuesOf(native[field]).some((one) => one.toLowerCase() === value.trim().toLowerCase()),
  };
}

/**
 * Whether the term occurs in one of the fields that Pipedrive searches: name, addresses, numbers, notes, the company's
 * own fields.
 */
const search: FilterTruth = {
  values: () => ["Müller", "maria del", "private.example", "617 555", "at the fair", "Note 4", "nobody at all"],
  passes(native, value: string) {
    const own = Object.entries(native).filter(([name]) => /^[0-9a-f]{40}$/.test(name));
    const texts = [native["name"], native["notes"], ...own.map(([, text]) => text)];
    const all = [...texts, ...shared.valuesOf(native["emails"]), ...shared.valuesOf(native["phones"])];
    return all.some((text) => typeof text === "string" && text.toLowerCase().includes(value.trim().toLowerCase()));
  },
};

export const contact: ResourceSubject = {
  fields: {
    firstName: same("first_name"),
    lastName: same("last_name"),
    fullName: { native: ["name"], of: ({ name }) => textOf(name) ?? "" },
    title: same("job_title"),
    emails: { native: ["emails"], of: ({ emails }) => entries(emails, EMAIL_TYPES, "address") },
    phones: { native: ["phones"], of: ({ phones }) => entries(phones, PHONE_TYPES, "number") },
    addresses: {
      native: ["postal_address"],
      of: ({ postal_address: place }) => addressesOf(place as NativeRecord | null),
    },
    company: {
      native: ["org_id"],
      of: ({ org_id: id, $organization: name }) => (id === null ? null : { id: String(id), name }),
    },
    description: same("notes"),
    tags: shared.tags,
    ...shared.ownFieldsOf(),
    url: { native: [], of: ({ id }, world) => `${world.origin}/person/${String(id)}` },
  },
  filters: {
    email: exactEntry("emails"),
    phone: exactEntry("phones"),
    search,
    ownerId: shared.ownedBy("contact"),
    updatedSince: since("contact", shared.updated),
    updatedUntil: until("contact", shared.updated),
  },
  orders: { CREATED_AT: shared.created, UPDATED_AT: shared.updated },
  edges: ["meetings", "leads"],
  partialEdges: ["meetings"],
  narrow: {
    columns: { name: true, phones: true, job_title: false, postal_address: false, notes: false, birthday: false },
    refusedFilters: [],
    writes: () => [
      {
        input: { title: null, addresses: [], description: null, phones: [{ number: "+1 1" }] },
        reads: { title: null, addresses: [], description: null, phones: [{ number: "+1 1" }] },
      },
    ],
    refusedWrites: () => [
      { input: { title: "CTO" }, errors: ["input.title"] },
      { input: { addresses: [{ city: "Bonn" }] }, errors: ["input.addresses"] },
      { input: { description: "Talks" }, errors: ["input.description"] },
    ],
  },
  required: ["input.fullName", "input.firstName", "input.lastName"],
  minimal: ({ unique }) => ({ fullName: `Minimal ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: { fullName: "REFUSED", ownerId: "REFUSED" },
  refused: () => [
    { input: { fullName: "Ann Lee", firstName: "Bob" }, errors: ["input.fullName"] },
    { input: { emails: [{ address: "a@b.example" }, { address: " " }] }, errors: ["input.emails.1.address"] },
    { input: { phones: [{ number: "1", type: "FAX" }] }, errors: ["input.phones.0.type"] },
    { input: { phones: [{ number: " " }] }, errors: ["input.phones.0.number"] },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0.type"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { company: { id: "Acme" } }, errors: ["input.company.id"] },
    { input: { department: "Sales", company: { name: "Acme" } }, errors: ["input.department", "input.company.name"] },
  ],
  unknownThere: () => ({
    input: {
      ownerId: shared.MISSING_IDS[0],
      company: { id: shared.MISSING_IDS[0] },
      tags: ["No such label", "Nor this"],
      customFields: [{ key: shared.codeOf("segment"), value: "No such option" }],
    },
    errors: [
      "input.ownerId",
      "input.company.id",
      "input.tags.0",
      "input.tags.1",
      `input.customFields.${shared.codeOf("segment")}`,
    ],
  }),
  textInputs: ["fullName", "title", "description"],
  custom: shared.customFields("person"),
  standardKeys: ["name", "job_title", "org_id"],
  standard: {
    fields: [
      {
        key: "visible_to",
        label: "Visible to",
        type: "SELECT",
        value: "Item owner",
        native: 1,
        optionLabels: ["Item owner"],
      },
      {
        key: "marketing_status",
        label: "Marketing status",
        type: "SELECT",
        value: "Subscribed",
        native: "subscribed",
        optionLabels: ["Subscribed"],
      },
      { key: "birthday", label: "Birthday", type: "DATE", value: "1980-02-29", native: "1980-02-29" },
    ],
    readOnly: ["next_activity_date"],
    inModel: { name: "fullName", org_id: "company", emails: "emails", add_time: "createdAt", label_ids: "tags" },
  },
  missingIds: shared.MISSING_IDS,
  malformedIds: shared.MALFORMED_IDS,
};

function addressesOf(place: NativeRecord | null) {
  if (place === null) return [];
  const street = [place["street_number"], place["route"]].filter((part) => textOf(part) !== null).join(" ");
  const parts = {
    street1: textOf(street),
    street2: textOf(place["subpremise"]),
    city: textOf(place["locality"]),
    state: textOf(place["admin_area_level_1"]),
    postalCode: textOf(place["postal_code"]),
    country: textOf(place["country"]),
  };
  const isWhole = Object.values(parts).every((part) => part === null);
  return [{ type: null, rawType: null, ...parts, ...(isWhole ? { street1: place["value"] } : {}) }];
}

function full({ unique, owners, companies }: Fresh): WriteCase {
  const key = unique();
  const fullName = `Maria del Carmen de la Cruz ${key}`;
  return written({
    input: {
      fullName,
      title: "VP Engineering",
      emails: [
        { address: `${key}@full.example`, type: "WORK" },
        { address: `${key}@home.example`, type: "PERSONAL" },
        { address: `${key}@third.example` },
      ],
      phones: [
        { number: "+49 89 1234567", type: "WORK" },
        { number: "+49 151 7654321", type: "MOBILE" },
      ],
      addresses: [
        {
          street1: "Hauptstraße 1",
          street2: "2. Stock",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
      ],
      company: { id: companies[0] },
      description: "Met at the fair.\nLikes <angles> & quotes.",
      tags: ["Customer", "déjà VU"],
      ownerId: owners[1],
    },
    reads: {
      emails: [
        { address: `${key}@full.example`, type: "WORK", rawType: "work", isPrimary: true },
        { address: `${key}@home.example`, type: "PERSONAL", rawType: "home", isPrimary: false },
        { address: `${key}@third.example`, type: null, rawType: null, isPrimary: false },
      ],
      phones: [
        { number: "+49 89 1234567", type: "WORK", isPrimary: true },
        { number: "+49 151 7654321", type: "MOBILE", isPrimary: false },
      ],
      addresses: [
        {
          type: null,
          street1: "Hauptstraße 1",
          street2: "2. Stock",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
      ],
      company: { id: companies[0], name: expect.any(String) },
      tags: ["Customer", "Déjà vu"],
    },
    native: {
      name: fullName,
      job_title: "VP Engineering",
      emails: [
        { value: `${key}@full.example`, label: "work", primary: true },
        { value: `${key}@home.example`, label: "home", primary: false },
        { value: `${key}@third.example`, primary: false },
      ],
      phones: [
        { value: "+49 89 1234567", label: "work", primary: true },
        { value: "+49 151 7654321", label: "mobile", primary: false },
      ],
      postal_address: {
        value: "Hauptstraße 1, 2. Stock, 80331 München, Bavaria, Germany",
        route: "Hauptstraße 1",
        locality: "München",
        postal_code: "80331",
      },
      org_id: Number(companies[0]),
      notes: "Met at the fair.\nLikes <angles> & quotes.",
      label_ids: [5, 7],
      owner_id: Number(owners[1]),
    },
  });
}

function variants({ unique, owners, companies }: Fresh): WriteCase[] {
  const key = unique();
  return [
    {
      input: { firstName: "Søren", lastName: `de la Cruz ${key}`, fullName: undefined },
      reads: { fullName: `Søren de la Cruz ${key}` },
      native: { name: `Søren de la Cruz ${key}` },
    },
    {
      input: { emails: [{ address: `  ${key}@one.example ` }] },
      reads: { emails: [{ address: `${key}@one.example`, isPrimary: true }] },
      native: { emails: [{ value: `${key}@one.example`, primary: true }] },
    },
    {
      input: { phones: [{ number: "1", type: "HOME" }, { number: "2", type: "OTHER" }, { number: "3" }] },
      reads: {
        phones: [
          { number: "1", type: "HOME" },
          { number: "2", type: "OTHER" },
          { number: "3", type: null },
        ],
      },
      native: { phones: [{ value: "1", label: "home" }, { value: "2", label: "other" }, { value: "3" }] },
    },
    {
      input: { addresses: [{ city: "Lyon" }] },
      reads: { addresses: [{ street1: null, city: "Lyon", state: null, postalCode: null, country: null }] },
      native: { postal_address: { value: "Lyon", locality: "Lyon", route: null } },
    },
    {
      input: { company: { id: companies[1] } },
      reads: { company: { id: companies[1] } },
      native: { org_id: Number(companies[1]) },
    },
    { input: { tags: [] }, reads: { tags: [] }, native: { label_ids: [] } },
    { input: { tags: ["hot LEAD"] }, reads: { tags: ["Hot lead"] }, native: { label_ids: [6] } },
    { input: { ownerId: owners[2] }, reads: { owner: { id: owners[2] } }, native: { owner_id: Number(owners[2]) } },
  ];
}
