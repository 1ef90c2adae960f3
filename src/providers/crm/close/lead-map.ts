import { meaningOf, writtenWord, type ChoiceTable } from "../../mapping/choice-table.js";
import { ofContact } from "../../mapping/field-kit.js";
import { FieldProblem, type FieldEntry, type FieldMap } from "../../contract/field-map.js";
import type { InputEntry, NativeRecord } from "../../contract/field-map.js";
import type { AddressInput } from "../../contract/input.js";
import type { AddressType, PostalAddress } from "../../contract/model.js";
import { personFields, personName } from "./contact-map.js";
import { base, customFieldRule, kit, listIn, readText, stamps } from "./dialect.js";
import { inStatus, STATUSES } from "./lookups.js";
import { sharedFilters, where, words, type Condition } from "./query.js";

/** Prefix of the fields of the first contact, which is created together with a new lead. */
export const CONTACT_PREFIX = "contacts.";

const ADDRESS_LABELS: ChoiceTable<AddressType> = { business: "WORK", mailing: "MAILING", other: "OTHER" };
const ADDRESS_PARTS: ChoiceTable<Exclude<keyof AddressInput, "type">> = {
  address_1: "street1",
  address_2: "street2",
  city: "city",
  state: "state",
  zipcode: "postalCode",
  country: "country",
};

function readAddress(native: NativeRecord): PostalAddress {
  const rawType = readText(native["label"]);
  const type = rawType === null ? null : (meaningOf(ADDRESS_LABELS, rawType) ?? "OTHER");
  const parts = Object.fromEntries(
    Object.entries(ADDRESS_PARTS).map(([theirs, ours]) => [ours, readText(native[theirs])]),
  );
  return { type, rawType, ...parts } as PostalAddress;
}

function writeAddress({ type, ...address }: AddressInput, index: number): NativeRecord {
  const label = type && writtenWord(ADDRESS_LABELS, type);
  if (type && !label)
    throw new FieldProblem("Close does not have this address type. Use one of: WORK, MAILING, OTHER.", `${index}.type`);
  const parts = Object.fromEntries(
    Object.entries(ADDRESS_PARTS).map(([theirs, ours]) => [theirs, address[ours] ?? ""]),
  );
  return { ...(label ? { label } : {}), ...parts };
}

/** An address without a type keeps the label that it has. */
function withLabels(value: AddressInput[] | null, current: NativeRecord): NativeRecord {
  const stored = listIn(current, "addresses");
  const parts = Object.keys(ADDRESS_PARTS);
  const addresses = (value ?? []).map(writeAddress).map((address) => {
    const same = stored.find((one) => parts.every((part) => (readText(one[part]) ?? "") === address[part]));
    return same && !address["label"] ? { ...address, label: same["label"] } : address;
  });
  return { addresses };
}

const inContact = (native: NativeRecord): NativeRecord =>
  Object.fromEntries(Object.entries(native).map(([name, value]) => [`${CONTACT_PREFIX}${name}`, value]));

/** Builds an input of the first contact. Only a create accepts it: later, the contact is a separate record. */
function ofNewContact({ write }: FieldEntry<unknown>): InputEntry {
  const { native, toNative } = write!;
  return { native: native.map((name) => `${CONTACT_PREFIX}${name}`), toNative: (value) => inContact(toNative(value)) };
}

/** Leads: companies with contacts. Fields that a company does not have come from its first contact. Source: developer.close.com, "Leads". */
export const leadMap: FieldMap<"lead", Condition> = {
  ...base,
  resource: "lead",
  nativeName: "lead",
  fields: {
    companyName: {
      reads: ["name", "display_name"],
      read: ({ name, display_name: shown }) => readText(name) ?? readText(shown),
      write: kit.input("name"),
      note: "A Close lead is a company. If it has no name, the name of its contact.",
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
        stored: {
          isNeeded: (value: AddressInput[] | null) => (value ?? []).some(({ type }) => !type),
          toNative: withLabels,
        },
      },
      note: "Close stores the country as a two-letter code.",
    },
    status: kit.choice("status_label", STATUSES),
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
  filters: {
    name: (value) => where("lead", "display_name", words(value)),
    status: inStatus,
    ...sharedFilters("lead"),
  },
  orders: { CREATED_AT: "date_created", UPDATED_AT: "date_updated" },
  custom: customFieldRule,
};
