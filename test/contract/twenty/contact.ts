import { expect } from "@jest/globals";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
import {
  CUSTOM_FIELDS,
  MALFORMED_IDS,
  MISSING_IDS,
  ownFieldsOf,
  sharedFilters,
  sharedOrders,
  words,
} from "./shared.js";

const EMAILS = ["emails.primaryEmail", "emails.additionalEmails"];
const PHONES = ["phones.primaryPhoneNumber", "phones.primaryPhoneCallingCode", "phones.additionalPhones"];
const NAMES = ["name.firstName", "name.lastName"];

function emailsOf(native: NativeRecord): string[] {
  const [first, others] = EMAILS.map((name) => native[name]);
  return [textOf(first), ...((others ?? []) as string[])].filter((address) => address !== null);
}

const phonesOf = ({ $phones }: NativeRecord) => $phones as string[];
const listed = (values: readonly string[], member: string) =>
  values.map((value, index) => ({ [member]: value, type: null, rawType: null, isPrimary: index === 0 }));
const digits = (text: string) => text.replace(/\D/g, "");

export const contact: ResourceSubject = {
  fields: {
    firstName: same("name.firstName"),
    lastName: same("name.lastName"),
    fullName: {
      native: [...NAMES, "emails.primaryEmail"],
      of: (native) =>
        NAMES.map((name) => textOf(native[name]))
          .filter((part) => part !== null)
          .join(" ") ||
        (emailsOf(native)[0] ?? ""),
    },
    title: same("jobTitle"),
    emails: { native: EMAILS, of: (native) => listed(emailsOf(native), "address") },
    phones: { native: PHONES, of: (native) => listed(phonesOf(native), "number") },
    addresses: {
      native: ["city"],
      of: ({ city }) => {
        const none = { type: null, rawType: null, street1: null, street2: null, state: null, postalCode: null };
        return textOf(city) === null ? [] : [{ ...none, city, country: null }];
      },
    },
    company: {
      native: ["companyId"],
      of: ({ companyId: id, $company: name }) => (textOf(id) === null ? null : { id, name }),
    },
    websites: {
      native: ["linkedinLink.primaryLinkUrl", "xLink.primaryLinkUrl"],
      of: (native) =>
        ["linkedinLink", "xLink"].flatMap((link) => {
          const others = (native[`${link}.secondaryLinks`] ?? []) as { url: string }[];
          return [textOf(native[`${link}.primaryLinkUrl`]), ...others.map(({ url }) => url)].filter(
            (url) => url !== null,
          );
        }),
    },
    ...ownFieldsOf("person"),
  },
  filters: {
    email: {
      values(world) {
        const people = [...world.records.contact.values()];
        const [several, one] = [
          people.find((each) => emailsOf(each).length > 1)!,
          people.find((each) => emailsOf(each).length === 1)!,
        ];
        const [primary, second] = emailsOf(several);
        const other = emailsOf(one)[0]!;
        return [
          primary,
          second,
          second!.toUpperCase(),
          other.toUpperCase(),
          other.replace(".", "_"),
          "%",
          other.split("@")[1],
          "no@one",
        ];
      },
      passes: (native, value: string) => emailsOf(native).some((address) => address === value.toLowerCase()),
    },
    phone: {
      values(world) {
        const people = [...world.records.contact.values()].map(phonesOf);
        const [first, second] = people.find((numbers) => numbers.length === 2)!;
        const [only] = people.find((numbers) => numbers.length === 1)!;
        return [first, second, digits(only!), second!.replaceAll(" ", ""), "555", "+", "5550001"];
      },
      passes: (native, value: string) =>
        digits(value) !== "" && phonesOf(native).some((number) => digits(number) === digits(value)),
    },
    name: words(NAMES, ["müller", "A", "O'Brien", "ann MÜLLER", "maria carmen", "%", "_", "D’Angelo", "no such name"]),
    search: words(
      [...NAMES, "emails.primaryEmail", "jobTitle", "city"],
      ["müller", "vp boston", "example.com", "st. john's", "no such thing"],
    ),
    ...sharedFilters("contact"),
  },
  orders: sharedOrders,
  edges: ["meetings"],
  narrow: {
    columns: { city: false, xLink: false, linkedinLink: true, "name.firstName": true, companyId: true },
    refusedFilters: [],
    writes: () => [
      {
        input: { addresses: [], websites: ["https://linkedin.com/in/ann"] },
        reads: { addresses: [], websites: ["https://linkedin.com/in/ann"] },
      },
    ],
    refusedWrites: () => [
      { input: { addresses: [{ city: "Lyon" }] }, errors: ["input.addresses"] },
      { input: { websites: ["https://x.com/ann"] }, errors: ["input.websites"] },
    ],
  },
  required: ["input.firstName", "input.lastName", "input.emails", "input.phones"],
  minimal: ({ unique }) => ({ lastName: `Person ${unique()}` }),
  full,
  variants,
  createOnly: [],
  notCleared: {},
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    { input: { emails: [{ address: "a@b.example" }, { address: " " }] }, errors: ["input.emails.1.address"] },
    { input: { phones: [{ number: "+1 1", type: "MOBILE" }] }, errors: ["input.phones.0.type"] },
    { input: { phones: [{ number: "+1 1" }, { number: " " }] }, errors: ["input.phones.1.number"] },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", country: "DE" }] }, errors: ["input.addresses.0.country"] },
    { input: { company: { id: "Acme" } }, errors: ["input.company.id"] },
    { input: { company: { name: "Acme" } }, errors: ["input.company.name"] },
    { input: { websites: ["https://www.linkedin.com/in/ann", "https://example.com"] }, errors: ["input.websites.1"] },
    { input: { websites: ["https://notlinkedin.com/in/ann"] }, errors: ["input.websites.0"] },
    {
      input: { lifecycleStage: "LEAD", phones: [{ number: "" }] },
      errors: ["input.lifecycleStage", "input.phones.0.number"],
    },
  ],
  unknownThere: () => ({
    input: { company: { id: MISSING_IDS[0] }, customFields: [{ key: "noSuchField", value: "x" }] },
    errors: ["input.company.id", "input.customFields.noSuchField"],
  }),
  textInputs: ["firstName", "lastName", "title"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["id", "name", "emails", "companyId", "x_crmesh_note"],
  standard: {
    fields: [
      {
        key: "avatarUrl",
        label: "Avatar Url",
        type: "TEXT",
        value: "https://a.example/ann.png",
        native: "https://a.example/ann.png",
      },
    ],
    readOnly: ["createdBy", "deletedAt"],
    inModel: { jobTitle: "title", companyId: "company", linkedinLink: "websites", createdAt: "createdAt" },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, companies }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: `de la Cruz ${key}`,
      title: "VP Engineering",
      emails: [
        { address: `${key}@full.example` },
        { address: `${key}@private.example` },
        { address: `${key}@old.example` },
      ],
      phones: [{ number: "+49 89 1234567" }, { number: "+1 617 555 0100" }, { number: "112" }],
      addresses: [{ city: "St. John's" }],
      company: { id: companies[0] },
      websites: ["https://www.linkedin.com/in/maria", "https://de.linkedin.com/in/maria", "https://x.com/maria"],
    },
    reads: {
      phones: [
        { number: "+49 89 1234567", isPrimary: true },
        { number: "+1 617 555 0100", isPrimary: false },
        { number: "112", isPrimary: false },
      ],
      addresses: [{ city: "St. John's", country: null }],
    },
    native: {
      "name.firstName": "Maria del Carmen",
      "name.lastName": `de la Cruz ${key}`,
      jobTitle: "VP Engineering",
      "emails.primaryEmail": `${key}@full.example`,
      "emails.additionalEmails": [`${key}@private.example`, `${key}@old.example`],
      "phones.primaryPhoneNumber": "89 1234567",
      "phones.primaryPhoneCallingCode": "+49",
      "phones.primaryPhoneCountryCode": "DE",
      "phones.additionalPhones": [
        { number: "617 555 0100", callingCode: "+1" },
        { number: "112", callingCode: "", countryCode: "" },
      ],
      city: "St. John's",
      companyId: companies[0],
      "linkedinLink.primaryLinkUrl": "https://www.linkedin.com/in/maria",
      "linkedinLink.secondaryLinks": [{ url: "https://de.linkedin.com/in/maria" }],
      "xLink.primaryLinkUrl": "https://x.com/maria",
    },
  });
}

function variants({ unique, companies }: Fresh): WriteCase[] {
  const key = unique();
  return [
    {
      input: { firstName: "Ann", lastName: null, emails: [{ address: `${key}@one.example` }] },
      reads: { firstName: "Ann", lastName: null, fullName: "Ann", emails: [{ address: `${key}@one.example` }] },
      native: { "name.firstName": "Ann", "name.lastName": "", "emails.additionalEmails": null },
    },
    {
      input: { emails: [{ address: ` ${key.toUpperCase()}@Case.example ` }] },
      reads: { emails: [{ address: `${key}@case.example` }] },
      native: { "emails.primaryEmail": `${key}@case.example` },
    },
    {
      // A number that is not international is stored unchanged.
      input: { phones: [{ number: "0151 555 0000" }, { number: "+44 (0)20 7946 0000" }, { number: "+999 12" }] },
      reads: { phones: [{ number: "0151 555 0000" }, { number: "+44 (0)20 7946 0000" }, { number: "+999 12" }] },
      native: {
        "phones.primaryPhoneNumber": "0151 555 0000",
        "phones.primaryPhoneCallingCode": "",
        "phones.additionalPhones": [{ number: "(0)20 7946 0000", callingCode: "+44" }, { number: "+999 12" }],
      },
    },
    {
      input: { company: { id: companies[1], name: "whatever it is called" } },
      reads: { company: { id: companies[1], name: expect.stringMatching(/\w/) as unknown } },
      native: { companyId: companies[1] },
    },
    {
      input: { websites: ["x.com/ann"] },
      reads: { websites: ["x.com/ann"] },
      native: { "xLink.primaryLinkUrl": "x.com/ann", "linkedinLink.primaryLinkUrl": "" },
    },
    {
      input: { phones: [], addresses: [], websites: [] },
      reads: { phones: [], addresses: [], websites: [] },
      native: { city: "" },
    },
  ];
}

/** The number as Twenty 2.21 stores it. */
const stored = (number: string, callingCode: string, countryCode: string) => ({ number, callingCode, countryCode });

/** A person of a workspace that was made with Twenty 2.10 or later: no city, no profile at X, and only whole phone numbers. */
export const recentContact: ResourceSubject = {
  ...withoutNarrow(contact),
  standard: {
    ...contact.standard!,
    fields: contact.standard!.fields.map((field) => ({ ...field, label: "Avatar" })),
    readOnly: ["createdBy", "updatedBy", "deletedAt"],
  },
  full: (fresh) => {
    const { input, native } = full(fresh);
    const { addresses: _addresses, ...others } = input;
    const { city: _city, "xLink.primaryLinkUrl": _xLink, ...kept } = native;
    return written({
      input: {
        ...others,
        phones: [{ number: "+49 89 1234567" }, { number: "+1 617 555 0100" }, { number: "+44 20 7946 0000" }],
        websites: ["https://www.linkedin.com/in/maria", "https://de.linkedin.com/in/maria"],
      },
      reads: {
        phones: [
          { number: "+49 891234567", isPrimary: true },
          { number: "+1 6175550100", isPrimary: false },
          { number: "+44 2079460000", isPrimary: false },
        ],
        addresses: [],
      },
      native: {
        ...kept,
        "phones.primaryPhoneNumber": "891234567",
        "phones.additionalPhones": [stored("6175550100", "+1", "US"), stored("2079460000", "+44", "GB")],
      },
    });
  },
  variants: (fresh) => {
    const [named, cased, , company] = variants(fresh);
    return [
      { ...named!, native: { ...named!.native, "emails.additionalEmails": [] } },
      cased!,
      company!,
      {
        input: { phones: [{ number: "+49 151 5550000" }] },
        reads: { phones: [{ number: "+49 1515550000" }] },
        native: { "phones.primaryPhoneNumber": "1515550000", "phones.primaryPhoneCallingCode": "+49" },
      },
      {
        input: { websites: ["linkedin.com/in/ann"] },
        reads: { websites: ["linkedin.com/in/ann"] },
        native: { "linkedinLink.primaryLinkUrl": "linkedin.com/in/ann" },
      },
      {
        input: { phones: [], addresses: [], websites: [] },
        reads: { phones: [], addresses: [], websites: [] },
        native: {},
      },
    ];
  },
};

function withoutNarrow({ narrow: _narrow, ...others }: ResourceSubject): ResourceSubject {
  return others;
}
