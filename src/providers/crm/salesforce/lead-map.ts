import type { FieldMap, Filters } from "../../contract/field-map.js";
import type { LeadRating, LeadStatus } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/field-kit.js";
import { readDateTime, readText } from "../../mapping/json-dialect.js";
import { customFieldRule } from "./definitions.js";
import { kit, lastActivityAt, owner, ownerInput, PROVIDER_NAME, STAMP_ORDERS, stamps, url } from "./dialect.js";
import { containsWords, equalsAny, quoted, sharedFilters, type Condition } from "./query.js";

/**
 * The statuses Salesforce delivers, in older and in newer orgs; each org has a list of its own, whose other values
 * read as OTHER with `rawStatus`. No value here means CONVERTED: that is what IsConverted says, and only Salesforce's
 * conversion sets it.
 */
const STATUSES: ChoiceTable<LeadStatus> = [
  ["NEW", "Open - Not Contacted"],
  ["NEW", "New"],
  ["WORKING", "Working - Contacted"],
  ["WORKING", "Working"],
  ["WORKING", "Contacted"],
  ["QUALIFIED", "Qualified"],
  ["UNQUALIFIED", "Closed - Not Converted"],
  ["UNQUALIFIED", "Unqualified"],
];

const RATINGS: ChoiceTable<LeadRating> = [
  ["HOT", "Hot"],
  ["WARM", "Warm"],
  ["COLD", "Cold"],
];

const status = kit.choice("Status", STATUSES, "OTHER");

const filters: Filters<"lead", Condition> = {
  ...sharedFilters,
  name: (value) => containsWords(["Name"], value),
  search: (value) => containsWords(["Name", "Email", "Phone", "MobilePhone", "Company"], value),
  email: (value) => equalsAny(["Email"], value),
  phone: (value) => equalsAny(["Phone", "MobilePhone", "Fax"], value),
  status: withStatus,
};

/** Exactly the leads that read as having that status. */
function withStatus(value: LeadStatus): Condition {
  if (value === "CONVERTED") return "IsConverted = true";
  const known = (wanted: (ours: LeadStatus) => boolean) =>
    STATUSES.filter(([ours]) => wanted(ours))
      .map(([, theirs]) => quoted(theirs))
      .join(",");
  if (value === "OTHER") return `IsConverted = false AND Status NOT IN (${known(() => true)})`;
  return `IsConverted = false AND Status IN (${known((ours) => ours === value)})`;
}

/** The one record that a lead leads to: the contact it became. */
const convertedContact = {
  reads: ["ConvertedContactId"],
  read: (native: Record<string, unknown>) => {
    const id = readText(native["ConvertedContactId"]);
    return id === null ? [] : [id];
  },
};

/** Leads. Source: developer.salesforce.com, Object Reference, "Lead" and "LeadStatus". */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: "Lead",
  identity: ["Id"],
  fields: {
    firstName: kit.text("FirstName"),
    lastName: kit.text("LastName"),
    fullName: kit.readOnlyText("Name"),
    title: kit.text("Title"),
    companyName: kit.text("Company"),
    emails: kit.singleEmail("Email"),
    phones: kit.phones([
      { native: "Phone", type: "WORK" },
      { native: "MobilePhone", type: "MOBILE" },
      { native: "Fax", type: "FAX" },
    ]),
    addresses: kit.addresses([
      {
        type: null,
        street: "Street",
        multiline: true,
        city: "City",
        state: "State",
        postalCode: "PostalCode",
        country: "Country",
      },
    ]),
    source: kit.text("LeadSource"),
    status: {
      reads: ["Status", "IsConverted"],
      read: (native, context) => (native["IsConverted"] === true ? "CONVERTED" : status.read(native, context)),
      note: "CONVERTED comes from IsConverted and cannot be written. The org's own values are written through rawStatus.",
    },
    rawStatus: kit.readOnlyText("Status"),
    rating: kit.writableChoice("Rating", RATINGS, "OTHER", "rating"),
    rawRating: kit.readOnlyText("Rating"),
    isConverted: { reads: ["IsConverted"], read: (native) => native["IsConverted"] === true },
    convertedAt: {
      reads: ["ConvertedDate"],
      read: (native) => readDateTime(native["ConvertedDate"]),
      note: "Salesforce stores only the day, shown as UTC midnight.",
    },
    description: kit.text("Description"),
    owner,
    ...stamps,
    lastActivityAt,
    url,
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("status", "rawStatus", "Status", STATUSES)],
  required: ["lastName", "companyName"],
  edges: { contact: convertedContact, convertedContact },
  filters,
  orders: { ...STAMP_ORDERS, NAME: "LastName" },
  custom: customFieldRule,
};
