import type { FieldMap } from "../../contract/field-map.js";
import type { LeadStatus } from "../../contract/model.js";
import { wordsFor, type ChoiceTable } from "../../mapping/choice-table.js";
import { memberAt } from "../../mapping/members.js";
import { linkedId } from "./answers.js";
import { base, kit, ownerInput, personFields } from "./dialect.js";
import { by, byEmails, contains, NAME_ORDERS, personFilters } from "./query.js";

const WRITTEN: ChoiceTable<LeadStatus> = {
  New: "NEW",
  "In Process": "WORKING",
  Assigned: "WORKING",
  Dead: "UNQUALIFIED",
  Recycled: "UNQUALIFIED",
};
/** Only EspoCRM's own conversion makes a lead Converted. It also links the records that the lead became. */
const STATUSES: ChoiceTable<LeadStatus> = { ...WRITTEN, Converted: "CONVERTED" };

function withStatus(value: LeadStatus) {
  const words = wordsFor(STATUSES, value);
  // No lead matches QUALIFIED, because EspoCRM has no status with this meaning.
  return words.length > 0 ? by(value === "OTHER" ? "notIn" : "in", "status")(words) : by("equals", "id")("-");
}

/** Sources: entityDefs/Lead of espocrm/espocrm, and responses of EspoCRM 8.4.2. */
export const leadMap: FieldMap<"lead"> = {
  ...base,
  resource: "lead",
  nativeName: "Lead",
  fields: {
    ...personFields("Lead"),
    fullName: kit.readOnlyText("name"),
    companyName: kit.text("accountName"),
    source: kit.text("source"),
    status: kit.choice("status", STATUSES),
    rawStatus: kit.readOnlyText("status"),
    isConverted: { reads: ["status"], read: ({ status }) => status === "Converted" },
    convertedAt: kit.readOnlyDateTime("convertedAt"),
    value: kit.money({ amount: "opportunityAmount", currency: "opportunityAmountCurrency", isSigned: false }),
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("status", "rawStatus", "status", WRITTEN)],
  required: [["lastName", "firstName", "companyName", "emails", "phones"]],
  edges: {
    convertedContact: {
      reads: ["createdContactId"],
      read: (native) =>
        [memberAt(native, "createdContactId", linkedId)].filter((id) => id !== null && id !== undefined),
    },
  },
  filters: {
    ...personFilters,
    search: contains("name", "emailAddress", "phoneNumber", "accountName"),
    status: withStatus,
  },
  byEmails,
  orders: NAME_ORDERS,
};
