import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { exactly, fullName, instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { FilterTruth, Fresh, ResourceSubject, WriteCase } from "../subject.js";
import { CUSTOM_FIELDS, MALFORMED_IDS, MISSING_IDS, ownFieldsOf, pickWith } from "./shared.js";

const STAGES: Readonly<Record<string, string>> = {
  subscriber: "SUBSCRIBER",
  lead: "LEAD",
  marketingqualifiedlead: "MARKETING_QUALIFIED",
  salesqualifiedlead: "SALES_QUALIFIED",
  opportunity: "OPPORTUNITY",
  customer: "CUSTOMER",
  evangelist: "EVANGELIST",
  other: "OTHER",
};

function addressesOf({ email, hs_additional_emails: others }: NativeRecord): string[] {
  return [textOf(email), ...(textOf(others)?.split(";") ?? [])].filter((address) => address !== null);
}

const email: FilterTruth = {
  values(world) {
    const several = [...world.records.contact.values()].find((native) => textOf(native["hs_additional_emails"]))!;
    const [first, second] = addressesOf(several);
    const [local, domain] = second!.split("@");
    // The last texts share words with an address, but are not an address.
    return [
      first,
      second,
      first!.toUpperCase(),
      domain,
      `${local!.split(".").reverse().join(".")}@${domain}`,
      "nobody@example.com",
    ];
  },
  passes: (native, value: string) =>
    addressesOf(native).some((address) => address.toLowerCase() === value.toLowerCase()),
};

const phone: FilterTruth = {
  values: (world) => [
    pickWith(world, "contact", "phone")["phone"],
    pickWith(world, "contact", "mobilephone")["mobilephone"],
    "555",
  ],
  passes: ({ phone: office, mobilephone }, value: string) => [office, mobilephone].includes(value),
};

const SEARCHED = ["firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "company"];

/** HubSpot finds a record if every word occurs in one of the searched properties. */
const search: FilterTruth = {
  values: () => ["Müller", "maria acme", "private.example", "nobody at all"],
  passes(native, value: string) {
    const texts = SEARCHED.map((name) => (textOf(native[name]) ?? "").toLowerCase());
    return value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "")
      .every((word) => texts.some((text) => text.includes(word)));
  },
};

export const contact: ResourceSubject = {
  fields: {
    firstName: same("firstname"),
    lastName: same("lastname"),
    fullName: {
      native: ["firstname", "lastname", "email"],
      of: (native) =>
        fullName(textOf(native["firstname"]), textOf(native["lastname"])) ?? textOf(native["email"]) ?? "",
    },
    title: same("jobtitle"),
    emails: {
      native: ["email", "hs_additional_emails"],
      of: (native) =>
        addressesOf(native).map((address, index) => ({ address, type: null, rawType: null, isPrimary: index === 0 })),
    },
    phones: {
      native: ["phone", "mobilephone", "fax"],
      of: (native) =>
        (
          [
            ["phone", "WORK"],
            ["mobilephone", "MOBILE"],
            ["fax", "FAX"],
          ] as const
        )
          .map(([name, type]) => ({ number: textOf(native[name]), type }))
          .filter(({ number }) => number !== null)
          .map(({ number, type }, index) => ({ number, type, rawType: null, isPrimary: index === 0 })),
    },
    addresses: {
      native: ["address", "city", "state", "zip", "country"],
      of(native) {
        const parts = {
          street1: textOf(native["address"]),
          street2: null,
          city: textOf(native["city"]),
          state: textOf(native["state"]),
          postalCode: textOf(native["zip"]),
          country: textOf(native["country"]),
        };
        return Object.values(parts).every((part) => part === null) ? [] : [{ type: null, rawType: null, ...parts }];
      },
    },
    company: {
      native: ["company", "associatedcompanyid"],
      // The primary company record, or else the text.
      of({ company, $company }) {
        const text = textOf(company);
        if ($company) return { ...($company as NativeRecord), ...(text !== null && { ownText: text }) };
        return text === null ? null : { id: null, name: text };
      },
    },
    lifecycleStage: {
      native: ["lifecyclestage"],
      of: ({ lifecyclestage }) => (textOf(lifecyclestage) === null ? null : STAGES[lifecyclestage as string]),
    },
    rawLifecycleStage: same("lifecyclestage"),
    websites: { native: ["website"], of: ({ website }) => [textOf(website)].filter((site) => site !== null) },
    ...ownFieldsOf(),
  },
  filters: {
    email,
    phone,
    search,
    ownerId: exactly("contact", "hubspot_owner_id", ["1"]),
    createdSince: since("contact", (native) => instantOf(native["createdate"])),
    createdUntil: until("contact", (native) => instantOf(native["createdate"])),
    updatedSince: since("contact", (native) => instantOf(native["lastmodifieddate"])),
    updatedUntil: until("contact", (native) => instantOf(native["lastmodifieddate"])),
  },
  orders: {
    CREATED_AT: (native) => instantOf(native["createdate"]),
    UPDATED_AT: (native) => instantOf(native["lastmodifieddate"]),
    NAME: (native) => textOf(native["lastname"])?.toLowerCase() ?? null,
  },
  edges: ["meetings", "leads"],
  required: ["input.emails", "input.firstName", "input.lastName"],
  minimal: ({ unique }) => ({ emails: [{ address: `${unique()}@minimal.example` }] }),
  full,
  variants,
  createOnly: [],
  notCleared: {},
  refused: () => [
    { input: { emails: [{ address: "a@b.example", type: "WORK" }] }, errors: ["input.emails.0.type"] },
    {
      input: { emails: [{ address: "a@b.example" }, { address: "c;d@b.example" }] },
      errors: ["input.emails.1.address"],
    },
    { input: { emails: [{ address: "  " }] }, errors: ["input.emails.0.address"] },
    { input: { phones: [{ number: "1", type: "HOME" }] }, errors: ["input.phones.0"] },
    { input: { phones: [{ number: "1" }, { number: " " }] }, errors: ["input.phones.1.number"] },
    { input: { phones: ["1", "2", "3", "4"].map((number) => ({ number })) }, errors: ["input.phones.3"] },
    {
      input: {
        phones: [
          { number: "1", type: "MOBILE" },
          { number: "2", type: "MOBILE" },
        ],
      },
      errors: ["input.phones.1"],
    },
    { input: { addresses: [{ city: "A" }, { city: "B" }] }, errors: ["input.addresses.1"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0"] },
    { input: { addresses: [{ street1: "A", street2: "B" }] }, errors: ["input.addresses.0.street2"] },
    { input: { company: { id: "1" } }, errors: ["input.company.id"] },
    { input: { websites: ["https://a.example", "https://b.example"] }, errors: ["input.websites.1"] },
    { input: { lifecycleStage: "LEAD", rawLifecycleStage: "lead" }, errors: ["input.rawLifecycleStage"] },
    {
      input: { department: "Sales", websites: ["a", "b"], customFields: [{ key: "hs_object_id", value: 1 }] },
      errors: ["input.department", "input.websites.1", "input.customFields.0.key"],
    },
  ],
  textInputs: ["firstName", "lastName", "title"],
  custom: CUSTOM_FIELDS,
  standardKeys: ["firstname", "hs_object_id", "hubspot_owner_id", "lastmodifieddate"],
  standard: {
    fields: [
      {
        key: "hs_lead_status",
        label: "Lead Status",
        type: "SELECT",
        value: "ATTEMPTED_TO_CONTACT",
        native: "ATTEMPTED_TO_CONTACT",
        optionLabels: ["Attempted to Contact"],
      },
      {
        key: "hs_buying_role",
        label: "Buying Role",
        type: "MULTI_SELECT",
        value: ["CHAMPION", "BLOCKER"],
        native: "CHAMPION;BLOCKER",
        optionLabels: ["Champion", "Blocker"],
      },
      { key: "salutation", label: "Salutation", type: "TEXT", value: "Dr.", native: "Dr." },
      {
        key: "closedate",
        label: "Close Date",
        type: "DATE_TIME",
        value: "2026-05-01T10:00:00.000Z",
        native: "2026-05-01T10:00:00.000Z",
      },
    ],
    readOnly: ["hs_analytics_source"],
    inModel: {
      firstname: "firstName",
      hubspot_owner_id: "ownerId",
      createdate: "createdAt",
      associatedcompanyid: "company",
      hs_additional_emails: "emails",
      lifecyclestage: "lifecycleStage",
    },
  },
  missingIds: MISSING_IDS,
  malformedIds: MALFORMED_IDS,
};

function full({ unique, owners }: Fresh): WriteCase {
  const key = unique();
  const emails = [`${key}@full.example`, `${key}@second.example`, `${key}@third.example`];
  return written({
    input: {
      firstName: "Maria del Carmen",
      lastName: "de la Cruz",
      title: "VP Engineering",
      emails: emails.map((address) => ({ address })),
      phones: [
        { number: "+49 89 1234567", type: "WORK" },
        { number: "+49 151 7654321", type: "MOBILE" },
        { number: "+49 89 999", type: "FAX" },
      ],
      addresses: [{ street1: "Main St 1", city: "München", state: "Bavaria", postalCode: "80331", country: "Germany" }],
      company: { name: "Acme GmbH" },
      lifecycleStage: "OPPORTUNITY",
      websites: ["https://www.example.com/a?b=c"],
      ownerId: owners[0],
    },
    reads: {
      phones: [
        { number: "+49 89 1234567", type: "WORK", isPrimary: true },
        { number: "+49 151 7654321", type: "MOBILE", isPrimary: false },
        { number: "+49 89 999", type: "FAX", isPrimary: false },
      ],
      addresses: [
        {
          street1: "Main St 1",
          street2: null,
          city: "München",
          state: "Bavaria",
          postalCode: "80331",
          country: "Germany",
        },
      ],
      company: { id: null, name: "Acme GmbH" },
      rawLifecycleStage: "opportunity",
    },
    native: {
      firstname: "Maria del Carmen",
      lastname: "de la Cruz",
      jobtitle: "VP Engineering",
      email: emails[0],
      hs_additional_emails: `${emails[1]};${emails[2]}`,
      phone: "+49 89 1234567",
      mobilephone: "+49 151 7654321",
      fax: "+49 89 999",
      address: "Main St 1",
      city: "München",
      state: "Bavaria",
      zip: "80331",
      country: "Germany",
      company: "Acme GmbH",
      lifecyclestage: "opportunity",
      website: "https://www.example.com/a?b=c",
      hubspot_owner_id: owners[0],
    },
  });
}

function variants({ unique, owners }: Fresh): WriteCase[] {
  const key = unique();
  return [
    {
      input: { rawLifecycleStage: "customer" },
      reads: { rawLifecycleStage: "customer", lifecycleStage: "CUSTOMER" },
      native: { lifecyclestage: "customer" },
    },
    {
      // HubSpot would silently ignore a step back.
      input: { lifecycleStage: "SUBSCRIBER" },
      reads: { lifecycleStage: "SUBSCRIBER" },
      native: { lifecyclestage: "subscriber" },
    },
    {
      input: { emails: [{ address: `  ${key}@one.example ` }] },
      reads: { emails: [{ address: `${key}@one.example`, isPrimary: true }] },
      native: { email: `${key}@one.example`, hs_additional_emails: null },
    },
    {
      // Untyped numbers take the fields that the typed number leaves free.
      input: { phones: [{ number: " +1 1 " }, { number: "+1 2\n", type: "WORK" }, { number: "+1 3" }] },
      reads: {
        phones: [
          { number: "+1 2", type: "WORK" },
          { number: "+1 1", type: "MOBILE" },
          { number: "+1 3", type: "FAX" },
        ],
      },
      native: { phone: "+1 2", mobilephone: "+1 1", fax: "+1 3" },
    },
    {
      input: { addresses: [{ city: "Lyon" }] },
      reads: { addresses: [{ street1: null, city: "Lyon", state: null, postalCode: null, country: null }] },
      native: { address: null, city: "Lyon", state: null, zip: null, country: null },
    },
    { input: { company: { name: null } }, reads: { company: null }, native: { company: null } },
    { input: { ownerId: owners[1] }, reads: { owner: { id: owners[1] } }, native: { hubspot_owner_id: owners[1] } },
  ];
}
