import { ofContact } from "../../mapping/field-kit.js";
import { FieldProblem, type FieldEntry, type FieldMap, type Filters } from "../../contract/field-map.js";
import type { InputEntry, NativeRecord } from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import type { AddressType, PostalAddress } from "../../contract/model.js";
import { personFields, personName } from "./contact-map.js";
import { customFieldRule, IDENTITY, kit, listIn, PROVIDER_NAME, readText, stamps, tableOf } from "./dialect.js";
import { inStatus, STATUSES } from "./lookups.js";
import { sharedFilters, where, words, type Condition } from "./query.js";

/** Before the fields of a new lead's first contact, which is created inside of it. */
export const CONTACT_PREFIX = "contacts.";

const ADDRESS_LABELS = tableOf<AddressType>({ business: "WORK", mailing: "MAILING", other: "OTHER" });
const ADDRESS_PARTS = tableOf<Exclude<keyof AddressInput, "type">>({
  address_1: "street1",
  address_2: "street2",
  city: "city",
  state: "state",
  zipcode: "postalCode",
  country: "country",
});

function readAddress(native: NativeRecord): PostalAddress {
  const rawType = readText(native["label"]);
  const type = ADDRESS_LABELS.find(([, label]) => label === rawType)?.[0] ?? (rawType === null ? null : "OTHER");
  const parts = Object.fromEntries(ADDRESS_PARTS.map(([ours, theirs]) => [ours, readText(native[theirs])]));
  return { type, rawType, ...parts } as PostalAddress;
}

function writeAddress({ type, ...address }: AddressInput, index: number): NativeRecord {
  const label = ADDRESS_LABELS.find(([ours]) => ours === type)?.[1];
  if (type && !label) throw new FieldProblem("Close has no such type; it has WORK, MAILING, OTHER.", `${index}.type`);
  const parts = Object.fromEntries(ADDRESS_PARTS.map(([ours, theirs]) => [theirs, address[ours] ?? ""]));
  return { ...(label ? { label } : {}), ...parts };
}

const inContact = (native: NativeRecord): NativeRecord =>
  Object.fromEntries(Object.entries(native).map(([name, value]) => [`${CONTACT_PREFIX}${name}`, value]));

/** Written along with a new lead only: afterwards the contact is a record of its own. */
function ofNewContact({ write }: FieldEntry<unknown>): InputEntry {
  const { native, toNative } = write!;
  return { native: native.map((name) => `${CONTACT_PREFIX}${name}`), toNative: (value) => inContact(toNative(value)) };
}

const filters: Filters<"lead", Condition> = {
  name: (value) => where("lead", "display_name", words(value)),
  status: inStatus,
  ...sharedFilters("lead"),
};

/** Leads: companies with their contacts, of whom the first says what a company cannot. Source: developer.close.com, "Leads". */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: "lead",
  identity: IDENTITY,
  fields: {
    companyName: {
      reads: ["name", "display_name"],
      read: ({ name, display_name: shown }) => readText(name) ?? readText(shown),
      write: kit.input("name"),
      note: "A Close lead is a company; one without a name is shown by that of its contact.",
    },
    fullName: ofContact("fullName"),
    title: ofContact("title"),
    emails: ofContact("emails"),
    phones: ofContact("phones"),
    addresses: {
      reads: ["addresses"],
      read: (native) => listIn(native, "addresses").map(readAddress),
      write: {
        native: ["addresses"],
        toNative: (value: AddressInput[] | null) => ({ addresses: (value ?? []).map(writeAddress) }),
      },
      note: "Close keeps the country as its code of two letters.",
    },
    status: kit.choice("status_label", STATUSES, "OTHER"),
    rawStatus: kit.readOnlyText("status_label"),
    isConverted: { reads: [], read: () => false, note: "Close does not convert leads." },
    description: kit.text("description"),
    url: {
      reads: ["html_url"],
      read: ({ html_url: url, id }) => readText(url) ?? `https://app.close.com/lead/${String(id)}/`,
    },
    ...stamps,
  },
  inputs: {
    title: ofNewContact(personFields.title),
    emails: ofNewContact(personFields.emails),
    phones: ofNewContact(personFields.phones),
  },
  composites: [
    kit.choiceInput("status", "rawStatus", "status_label", STATUSES),
    {
      inputs: personName.inputs,
      native: [`${CONTACT_PREFIX}name`],
      toNative: (input) => inContact(personName.toNative(input, "create")),
    },
  ],
  required: ["companyName"],
  createOnly: [...personName.inputs, ...Object.keys(personFields)],
  edges: {
    contact: {
      reads: ["contacts"],
      read: (native) =>
        listIn(native, "contacts")
          .slice(0, 1)
          .map(({ id }) => String(id)),
    },
  },
  filters,
  orders: { CREATED_AT: "date_created", UPDATED_AT: "date_updated" },
  custom: customFieldRule,
};
