import type { FieldMap, Filters, NativeRecord } from "../../contract/field-map.js";
import type { LeadRating, LeadStatus } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/field-kit.js";
import { kit, linked, moduleRules, personFields, STAMP_ORDERS } from "./dialect.js";
import { personFilters, quoted, type Condition } from "./query.js";

/** The statuses that Zoho delivers; every org has its own. No value means CONVERTED: Converted__s does. */
export const STATUSES: ChoiceTable<LeadStatus> = [
  ["NEW", "Not Contacted"],
  ["NEW", "New"],
  ["WORKING", "Contacted"],
  ["WORKING", "Attempted to Contact"],
  ["WORKING", "Contact in Future"],
  ["QUALIFIED", "Pre-Qualified"],
  ["QUALIFIED", "Qualified"],
  ["UNQUALIFIED", "Not Qualified"],
  ["UNQUALIFIED", "Junk Lead"],
  ["UNQUALIFIED", "Lost Lead"],
];
const RATINGS: ChoiceTable<LeadRating> = (["HOT", "WARM", "COLD"] as const).map((one) => [one, one]);

const status = kit.choice("Lead_Status", STATUSES, "OTHER");
const isConverted = (native: NativeRecord) => native["Converted__s"] === true;

const filters: Filters<"lead", Condition> = {
  ...personFilters(["Phone", "Mobile", "Fax"], ["Company", "Company"]),
  status(value) {
    if (value === "CONVERTED") return { where: "Converted__s = 'true'", converted: true };
    const known = STATUSES.filter(([ours]) => value === "OTHER" || ours === value).map(([, theirs]) => quoted(theirs));
    const listed = `Lead_Status in (${known.join(", ")})`;
    if (value !== "OTHER") return { where: listed };
    return { where: `(Lead_Status is not null and ${listed.replace(" in ", " not in ")})` };
  },
};

const convertedContact = {
  reads: ["Converted_Contact"],
  read: (native: NativeRecord) => [linked(native["Converted_Contact"])].flatMap((contact) => contact?.id ?? []),
};

/** Leads. Source: field names of Zoho's own client for version 8. */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  nativeName: "Leads",
  ...moduleRules,
  fields: {
    ...personFields("Leads"),
    fullName: kit.readOnlyText("Full_Name"),
    title: kit.text("Designation"),
    companyName: kit.text("Company"),
    phones: kit.phones([
      { native: "Phone", type: "WORK" },
      { native: "Mobile", type: "MOBILE" },
      { native: "Fax", type: "FAX" },
    ]),
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
    rating: kit.choice("Rating", RATINGS, "OTHER"),
    rawRating: kit.readOnlyText("Rating"),
    isConverted: { reads: ["Converted__s"], read: isConverted },
    convertedAt: kit.readOnlyDateTime("Converted_Date_Time"),
  },
  composites: [kit.choiceInput("status", "rawStatus", "Lead_Status", STATUSES)],
  required: ["lastName"],
  edges: { contact: convertedContact, convertedContact },
  filters,
  orders: { ...STAMP_ORDERS, NAME: "Last_Name" },
};
