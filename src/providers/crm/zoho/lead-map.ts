import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { LeadStatus } from "../../contract/model.js";
import { wordsFor, type ChoiceTable } from "../../mapping/choice-table.js";
import { base, kit, linked, ownerInput, personFields, STAMP_ORDERS } from "./dialect.js";
import { byEmails, personFilters, quoted, type Condition } from "./query.js";

/**
 * Statuses of a new org. Every org has its own statuses. No status means CONVERTED, because Converted__s marks
 * converted leads.
 */
export const STATUSES: ChoiceTable<LeadStatus> = {
  "Not Contacted": "NEW",
  New: "NEW",
  Contacted: "WORKING",
  "Attempted to Contact": "WORKING",
  "Contact in Future": "WORKING",
  "Pre-Qualified": "QUALIFIED",
  Qualified: "QUALIFIED",
  "Not Qualified": "UNQUALIFIED",
  "Junk Lead": "UNQUALIFIED",
  "Lost Lead": "UNQUALIFIED",
};

const status = kit.choice("Lead_Status", STATUSES);
const isConverted = (native: NativeRecord) => native["Converted__s"] === true;

const convertedContact = {
  reads: ["Converted_Contact"],
  read: (native: NativeRecord) => [linked(native["Converted_Contact"])].flatMap((contact) => contact?.id ?? []),
};

/** Leads. Source: field names of Zoho's own client for version 8. */
export const leadMap: FieldMap<"lead", Condition> = {
  ...base,
  resource: "lead",
  nativeName: "Leads",
  fields: {
    ...personFields("Leads"),
    fullName: kit.readOnlyText("Full_Name"),
    title: kit.text("Designation"),
    companyName: kit.text("Company"),
    phones: kit.phones({ Phone: "WORK", Mobile: "MOBILE", Fax: "FAX" }),
    addresses: kit.addresses([
      { type: null, street: "Street", city: "City", state: "State", postalCode: "Zip_Code", country: "Country" },
    ]),
    source: kit.text("Lead_Source"),
    status: {
      reads: ["Lead_Status", "Converted__s"],
      read: (native, context) => (isConverted(native) ? "CONVERTED" : status.read(native, context)),
      note: "CONVERTED cannot be written. The org's own values are written through rawStatus.",
    },
    rawStatus: kit.readOnlyText("Lead_Status"),
    rating: kit.choice("Rating", { HOT: "HOT", WARM: "WARM", COLD: "COLD" }),
    rawRating: kit.readOnlyText("Rating"),
    isConverted: { reads: ["Converted__s"], read: isConverted },
    convertedAt: kit.readOnlyDateTime("Converted_Date_Time"),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("status", "rawStatus", "Lead_Status", STATUSES)],
  required: ["lastName"],
  edges: { contact: convertedContact, convertedContact },
  filters: {
    ...personFilters(["Phone", "Mobile", "Fax"], ["Company", "Company"]),
    status(value) {
      if (value === "CONVERTED") return { where: "Converted__s = 'true'", converted: true };
      const words = wordsFor(STATUSES, value).map(quoted).join(", ");
      if (value !== "OTHER") return { where: `Lead_Status in (${words})` };
      return { where: `(Lead_Status is not null and Lead_Status not in (${words}))` };
    },
  },
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "Last_Name" },
};
