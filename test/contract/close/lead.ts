import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { written } from "../samples.js";
import { same, textOf } from "../stage/truth.js";
import type { Fresh, ResourceSubject, WriteCase } from "../subject.js";
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

const STATUSES: Readonly<Record<string, string>> = {
  Potential: "NEW",
  Interested: "WORKING",
  Qualified: "QUALIFIED",
  "Bad Fit": "UNQUALIFIED",
};
const LABELS: Readonly<Record<string, string>> = { business: "WORK", mailing: "MAILING", other: "OTHER" };

const statusOf = ({ status_label: label }: NativeRecord) => STATUSES[String(label)] ?? "OTHER";
const contactsOf = ({ contacts }: NativeRecord) => contacts as NativeRecord[];

export const lead: ResourceSubject = {
  fields: {
    companyName: {
      native: ["name", "display_name"],
      of: ({ name, display_name: shown }) => textOf(name) ?? textOf(shown),
    },
    addresses: {
      native: ["addresses"],
      of: ({ addresses }) =>
        (addresses as Record<string, string>[]).map((address) => ({
          type: LABELS[address["label"]!],
          rawType: address["label"],
          street1: textOf(address["address_1"]),
          street2: textOf(address["address_2"]),
          city: textOf(address["city"]),
          state: textOf(address["state"]),
          postalCode: textOf(address["zipcode"]),
          country: textOf(address["country"]),
        })),
    },
    status: { native: ["status_label"], of: statusOf },
    rawStatus: same("status_label"),
    isConverted: { native: [], of: () => false },
    description: same("description"),
    url: same("html_url"),
    ...stamps,
  },
  filters: {
    name: {
      values: () => ["acme", "Umbrella Sons", "nobody KNOWN", "Acm", "%", "no such company"],
      passes: ({ display_name: name }, value: string) => hasAllWords(value, name),
    },
    search: {
      values: () => ["soon", "acme quote", "example.com", "no such thing"],
      passes: ({ display_name: name, description, url }, value: string) => hasAllWords(value, name, description, url),
    },
    email: emailFilter(contactsOf),
    phone: phoneFilter(contactsOf),
    status: {
      values: () => ["NEW", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "OTHER"],
      passes: (native, value: string) => statusOf(native) === value,
    },
    ...dateFilters("lead"),
  },
  orders: dateOrders,
  edges: ["contact"],
  required: ["input.companyName"],
  minimal: ({ unique }) => ({ companyName: `Company ${unique()}` }),
  full,
  variants,
  // These inputs go to the lead's first contact, which is a separate record after its creation.
  createOnly: ["fullName", "firstName", "lastName", "title", "emails", "phones"],
  notCleared: { companyName: "REFUSED", status: "REFUSED" },
  refused: () => [
    { input: { status: "OTHER" }, errors: ["input.status"] },
    { input: { status: "NEW", rawStatus: "Potential" }, errors: ["input.rawStatus"] },
    { input: { addresses: [{ city: "A", type: "HOME" }] }, errors: ["input.addresses.0.type"] },
    { input: { emails: [{ address: "a@b.example" }, { address: "" }] }, errors: ["input.emails.1.address"] },
    { input: { subject: "Renewal", contactId: "cont_1" }, errors: ["input.subject", "input.contactId"] },
  ],
  unknownThere: () => ({
    input: { rawStatus: "No such status", customFields: [{ key: "custom.cf_nosuchfield", value: "x" }] },
    errors: ["input.rawStatus", "input.customFields.custom.cf_nosuchfield"],
  }),
  textInputs: ["companyName", "description"],
  custom: customFields("lead"),
  standardKeys: ["id", "name", "status_id", "custom"],
  standard: {
    fields: [{ key: "url", label: "URL", type: "TEXT", value: "https://a.example", native: "https://a.example" }],
    readOnly: ["created_by"],
    inModel: { name: "companyName", status_id: "status", html_url: "url", addresses: "addresses" },
  },
  missingIds: missingIds("lead"),
  malformedIds: malformedIds("lead"),
};

function full({ unique }: Fresh): WriteCase {
  const key = unique();
  return written({
    input: {
      companyName: `Umbrella & Sons “${key}” – Café`,
      fullName: `Ann Lee ${key}`,
      firstName: "Ann",
      lastName: `Lee ${key}`,
      title: "Head of Sales",
      emails: [{ address: `${key}@lead.example`, type: "WORK" }],
      phones: [{ number: "+491517654321", type: "MOBILE" }],
      addresses: [
        {
          type: "MAILING",
          street1: "Main St 1",
          street2: "c/o Lee",
          city: "Boston",
          state: "MA",
          postalCode: "02108",
          country: "US",
        },
      ],
      status: "WORKING",
      description: "Wants «soon».\nSecond <line>.",
    },
    reads: {
      addresses: [
        {
          type: "MAILING",
          rawType: "mailing",
          street1: "Main St 1",
          street2: "c/o Lee",
          city: "Boston",
          state: "MA",
          postalCode: "02108",
          country: "US",
        },
      ],
      rawStatus: "Interested",
      isConverted: false,
    },
    notRead: ["fullName", "firstName", "lastName", "title", "emails", "phones"],
    native: {
      name: `Umbrella & Sons “${key}” – Café`,
      addresses: [
        {
          label: "mailing",
          address_1: "Main St 1",
          address_2: "c/o Lee",
          city: "Boston",
          state: "MA",
          zipcode: "02108",
          country: "US",
        },
      ],
      status_label: "Interested",
      description: "Wants «soon».\nSecond <line>.",
    },
  });
}

function variants(): WriteCase[] {
  return [
    ...Object.entries(STATUSES).map(([label, status]) => ({
      input: { status },
      reads: { status, rawStatus: label },
      native: { status_label: label },
    })),
    {
      // One of the organization's own statuses. Its case does not matter.
      input: { rawStatus: "nurture" },
      reads: { status: "OTHER", rawStatus: "Nurture" },
      native: { status_label: "Nurture" },
    },
    {
      input: {
        addresses: [
          { city: "Paris", country: "FR" },
          { type: "OTHER", postalCode: "69001" },
        ],
      },
      reads: {
        addresses: [
          { type: "WORK", rawType: "business", street1: null, city: "Paris", country: "FR" },
          { type: "OTHER", rawType: "other", city: null, postalCode: "69001" },
        ],
      },
      native: {
        addresses: [
          { label: "business", city: "Paris" },
          { label: "other", zipcode: "69001" },
        ],
      },
    },
    { input: { addresses: [] }, reads: { addresses: [] }, native: { addresses: [] } },
  ];
}
