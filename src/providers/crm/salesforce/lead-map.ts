import { overColumns } from "../../contract/columns.js";
import type { FieldMap } from "../../contract/field-map.js";
import type { LeadStatus } from "../../contract/model.js";
import { wordsFor, type ChoiceTable } from "../../mapping/choice-table.js";
import { customFieldRule } from "./definitions.js";
import { address, base, day, kit, ownerInput, recordFields, STAMP_ORDERS } from "./dialect.js";
import {
  byEmails,
  containsWords,
  equalsAny,
  hasPhone,
  quoted,
  sharedFilters,
  type Condition,
  type Filter,
} from "./query.js";

/**
 * Statuses of a new org, in older and newer versions. Each org has its own list, whose other values read as OTHER with
 * `rawStatus`. No status means CONVERTED: only Salesforce's conversion sets IsConverted.
 */
const STATUSES: ChoiceTable<LeadStatus> = {
  "Open - Not Contacted": "NEW",
  New: "NEW",
  "Working - Contacted": "WORKING",
  Working: "WORKING",
  Contacted: "WORKING",
  Qualified: "QUALIFIED",
  "Closed - Not Converted": "UNQUALIFIED",
  Unqualified: "UNQUALIFIED",
};

const status = kit.choice("Status", STATUSES);

/** Matches the leads that read as this status. */
function withStatus(value: LeadStatus): Condition {
  if (value === "CONVERTED") return "IsConverted = true";
  const words = wordsFor(STATUSES, value).map(quoted).join(",");
  return `IsConverted = false AND Status ${value === "OTHER" ? "NOT IN" : "IN"} (${words})`;
}

/** A lead refers to one contact only: the contact that it became. */
const convertedContact = kit.edgeById("ConvertedContactId");

/** Leads. Source: developer.salesforce.com, Object Reference, "Lead" and "LeadStatus". */
export const leadMap: FieldMap<"lead", Filter> = {
  ...base,
  resource: "lead",
  nativeName: "Lead",
  fields: {
    firstName: kit.text("FirstName"),
    lastName: kit.text("LastName"),
    fullName: kit.readOnlyText("Name"),
    title: kit.text("Title"),
    companyName: kit.text("Company"),
    emails: kit.singleEmail("Email"),
    phones: kit.phones({ Phone: "WORK", MobilePhone: "MOBILE", Fax: "FAX" }),
    addresses: kit.addresses([{ type: null, ...address("") }]),
    source: kit.text("LeadSource"),
    status: {
      reads: ["Status", "IsConverted"],
      read: (native, context) => (native["IsConverted"] === true ? "CONVERTED" : status.read(native, context)),
      note: "CONVERTED comes from IsConverted and cannot be written. The org's own values are written through rawStatus.",
    },
    rawStatus: kit.readOnlyText("Status"),
    rating: kit.writableChoice("Rating", { Hot: "HOT", Warm: "WARM", Cold: "COLD" }),
    rawRating: kit.readOnlyText("Rating"),
    isConverted: kit.flag("IsConverted"),
    convertedAt: day("ConvertedDate"),
    description: kit.text("Description"),
    ...recordFields,
    lastActivityAt: day("LastActivityDate"),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("status", "rawStatus", "Status", STATUSES)],
  required: ["lastName", "companyName"],
  edges: { contact: convertedContact, convertedContact },
  filters: {
    ...sharedFilters,
    name: overColumns(["Name"], containsWords),
    search: overColumns(["Name", "Email", "Phone", "MobilePhone", "Company"], containsWords),
    email: overColumns(["Email"], equalsAny),
    phone: hasPhone(["Phone", "MobilePhone", "Fax"]),
    status: withStatus,
  },
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "LastName" },
  custom: customFieldRule({ StateCode: "addresses", CountryCode: "addresses" }),
};
