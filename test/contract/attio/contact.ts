import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { fullName, instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import { createdAt, CUSTOM_FIELDS, first, instant, MALFORMED_IDS, MISSING_IDS, parts, type Values } from "./shared.js";

const list = (native: NativeRecord, slug: string) => (native[slug] as Values).map(parts);
const emailsOf = (native: NativeRecord) =>
  list(native, "email_addresses").map((value) => String(value["email_address"]));
const phonesOf = (native: NativeRecord) => list(native, "phone_numbers").map((value) => String(value["phone_number"]));
const wholeName = ({ $full }: NativeRecord) => textOf($full);
const contains = (text: string | null, wanted: string) => (text ?? "").toLowerCase().includes(wanted.toLowerCase());
const untyped = (index: number) => ({ type: null, rawType: null, isPrimary: index === 0 });

const email: FilterTruth = {
  values: (world) => {
    const [address] = [...world.records.contact.values()].flatMap(emailsOf);
    const [second] = [...world.records.contact.values()]
      .map(emailsOf)
      .find((all) => all.length > 1)!
      .slice(1);
    return [address, address!.toUpperCase(), second, "old@former.example", address!.split("@")[1]];
  },
  passes: (native, value: string) => emailsOf(native).includes(value.trim().toLowerCase()),
};

const phone: FilterTruth = {
  values: (world) => {
    const [number] = [...world.records.contact.values()].flatMap(phonesOf);
    return [number, "+1 617 555 0001", "+1 (617) 555-0001", "6175550001"];
  },
  passes: (native, value: string) => phonesOf(native).includes(value.replace(/[\s()./-]/g, "")),
};

export const contact: ResourceSubject = {
  fields: {
    firstName: same("$first"),
    lastName: same("$last"),
    fullName: { native: ["$full"], of: (native) => wholeName(native) ?? emailsOf(native)[0] ?? "" },
    title: { native: ["job_title"], of: (native) => textOf(first(native, "job_title")) },
    emails: {
      native: ["email_addresses"],
      of: (native) => emailsOf(native).map((address, index) => ({ address, ...untyped(index) })),
    },
    phones: {
      native: ["phone_numbers"],
      of: (native) => phonesOf(native).map((number, index) => ({ number, ...untyped(index) })),
    },
    addresses: {
      native: ["primary_location"],
      of: (native) =>
        list(native, "primary_location").map((location) => ({
          type: null,
          rawType: null,
          street1: location["line_1"],
          street2: location["line_2"],
          city: location["locality"],
          state: location["region"],
          postalCode: location["postcode"],
          country: location["country_code"],
        })),
    },
    company: {
      native: ["$companyId"],
      of: ({ $companyId: id, $companyName: name }) => (id === null ? null : { id, name }),
    },
    description: { native: ["description"], of: (native) => textOf(first(native, "description")) },
    createdAt,
    lastActivityAt: {
      native: ["last_email_interaction", "last_calendar_interaction"],
      of: (native) => {
        const both = ["last_email_interaction", "last_calendar_interaction"].flatMap((slug) => list(native, slug));
        const [latest] = both
          .map((one) => String(one["interacted_at"]))
          .sort()
          .reverse();
        return latest === undefined ? null : instant(latest);
      },
    },
    url: { native: ["web_url"], of: ({ web_url: url }) => url },
  },
  filters: {
    email,
    phone,
    name: {
      values: () => ["müller", "A", "O'Brien", "Maria del", "%", "no such name"],
      passes: (native, value: string) => contains(wholeName(native), value),
    },
    search: {
      values: () => ["müller", "private.example", "vp eng", "no such thing"],
      passes: (native, value: string) =>
        [wholeName(native), ...emailsOf(native), textOf(first(native, "job_title"))].some((text) =>
          contains(text, value),
        ),
    },
    createdSince: since("contact", ({ created_at: at }) => instantOf(instant(at))),
    createdUntil: until("contact", ({ created_at: at }) => instantOf(instant(at))),
  },
  orders: { CREATED_AT: ({ created_at: at }) => String(at), NAME: wholeName },
  edges: ["meetings"],
  required: ["input.firstName", "input.lastName", "input.fullName", "input.emails"],
  minimal: ({ unique }) => ({ emails: [{ address: `${unique()}@minimal.example` }] }),
  full,
  variants,
  createOnly: [],
  // If a record has no whole name, the whole name is built from its parts.
  notCleared: { fullName: { fullName: "Maria del Carmen de la Cruz" } },
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    { input: { emails: [{ address: " " }] }, errors: ["input.emails.0.address"] },
    { input: { phones: [{ number: "+1 617 555 0100", type: "MOBILE" }] }, errors: ["input.phones.0.type"] },
    { input: { phones: [{ number: "" }] }, errors: ["input.phones.0.number"] },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { addresses: [{ city: "A", country: "Germany" }] }, errors: ["input.addresses.0.country"] },
    { input: { company: { id: "Acme" } }, errors: ["input.company.id"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.id"] },
    { input: { department: "Sales", company: { name: "Acme" } }, errors: ["input.department", "input.company.id"] },
    { input: { ownerId: "1" }, errors: ["input.ownerId"] },
  ],
  textInputs: ["firstName", "lastName", "fullName", "title", "description"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["name", "email_addresses", "record_id", "created_at", "last_email_interaction"],
  standard: {
    fields: [
      { key: "linkedin", label: "Linkedin", type: "TEXT", value: "ann-lee", native: ["ann-lee"] },
      { key: "twitter", label: "Twitter", type: "TEXT", value: "annlee", native: ["annlee"] },
    ],
    readOnly: ["created_by"],
    inModel: {
      name: "firstName",
      job_title: "title",
      company: "company",
      created_at: "createdAt",
      last_email_interaction: "lastActivityAt",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, companies }: Fresh): WriteCase {
  const key = unique();
  const emails = [`${key}@full.example`, `${key}@second.example`, `${key}@third.example`];
  const location = {
    line_1: "Main St 1",
    line_2: "Back door",
    line_3: null,
    line_4: null,
    locality: "München",
    region: "Bavaria",
    postcode: "80331",
    country_code: "DE",
    latitude: null,
    longitude: null,
  };
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: "de la Cruz",
      fullName: `Dr. Maria del Carmen de la Cruz ${key}`,
      title: "VP Engineering",
      emails: emails.map((address) => ({ address })),
      phones: [{ number: "+49 89 1234567" }, { number: "+49 151 76543210" }],
      addresses: [
        {
          street1: "Main St 1",
          street2: "Back door",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "de",
        },
      ],
      company: { id: companies[0] },
      description: 'Likes "quotes" & <angles>.\nSecond line.',
    },
    reads: {
      phones: [
        { number: "+49891234567", isPrimary: true },
        { number: "+4915176543210", isPrimary: false },
      ],
      addresses: [
        {
          street1: "Main St 1",
          street2: "Back door",
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "DE",
        },
      ],
    },
    native: {
      name: [
        {
          first_name: "Maria del Carmen",
          last_name: "de la Cruz",
          full_name: `Dr. Maria del Carmen de la Cruz ${key}`,
        },
      ],
      job_title: ["VP Engineering"],
      email_addresses: emails.map((address) => ({ email_address: address })),
      phone_numbers: [
        { phone_number: "+49891234567", original_phone_number: "+49 89 1234567", country_code: "DE" },
        { phone_number: "+4915176543210", original_phone_number: "+49 151 76543210", country_code: "DE" },
      ],
      primary_location: [location],
      company: [{ target_object: "companies", target_record_id: companies[0] }],
      description: ['Likes "quotes" & <angles>.\nSecond line.'],
    },
  });
}

function variants({ unique, companies }: Fresh): WriteCase[] {
  const key = unique();
  const named = (first_name: string, last_name: string, full_name: string) => ({
    name: [{ first_name, last_name, full_name }],
  });
  const both = fullName("Maria del Carmen", `de la Cruz ${key}`)!;
  return [
    {
      input: { firstName: "Maria del Carmen", lastName: `de la Cruz ${key}` },
      reads: { firstName: "Maria del Carmen", lastName: `de la Cruz ${key}`, fullName: both },
      native: named("Maria del Carmen", `de la Cruz ${key}`, both),
    },
    {
      input: { firstName: null, lastName: `Only ${key}` },
      reads: { firstName: null, lastName: `Only ${key}`, fullName: `Only ${key}` },
      native: named("", `Only ${key}`, `Only ${key}`),
    },
    {
      input: { fullName: `Sukarno ${key}` },
      reads: { firstName: null, lastName: null, fullName: `Sukarno ${key}` },
      native: named("", "", `Sukarno ${key}`),
    },
    {
      // Fewer and other entries than before: an update removes the entries that it does not name.
      input: { emails: [{ address: `${key}@only.example` }], phones: [{ number: "+1 617 555 0199" }] },
      reads: { emails: [{ address: `${key}@only.example` }], phones: [{ number: "+16175550199" }] },
      native: {
        email_addresses: [{ email_address: `${key}@only.example` }],
        phone_numbers: [{ phone_number: "+16175550199" }],
      },
    },
    {
      input: { emails: [{ address: `${key.toUpperCase()}@Case.Example` }] },
      reads: { emails: [{ address: `${key}@case.example` }] },
      native: { email_addresses: [{ email_address: `${key}@case.example` }] },
    },
    {
      input: { addresses: [{ city: "Boston" }] },
      reads: { addresses: [{ street1: null, street2: null, city: "Boston", country: null }] },
      native: { primary_location: [{ line_1: null, locality: "Boston", country_code: null }] },
    },
    {
      input: { addresses: [{ street2: "a\nb\nc\nd", country: "FR" }] },
      reads: { addresses: [{ street1: null, street2: "a\nb\nc\nd", country: "FR" }] },
      native: { primary_location: [{ line_1: null, line_2: "a\nb\nc\nd", line_3: null, line_4: null }] },
    },
    {
      input: { company: { id: companies[1] } },
      reads: { company: { id: companies[1] } },
      native: { company: [{ target_record_id: companies[1] }] },
    },
    { input: { phones: [] }, reads: { phones: [] }, native: { phone_numbers: [] } },
  ];
}
