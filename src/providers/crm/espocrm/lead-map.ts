import { FieldProblem, type FieldMap } from "../../contract/field-map.js";
import type { LeadStatus, Money } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/field-kit.js";
import { base, kit, ownerInput, personFields } from "./dialect.js";
import { by, contains, NAME_ORDERS, personFilters } from "./query.js";

const WRITTEN: ChoiceTable<LeadStatus> = [
  ["NEW", "New"],
  ["WORKING", "In Process"],
  ["WORKING", "Assigned"],
  ["UNQUALIFIED", "Dead"],
  ["UNQUALIFIED", "Recycled"],
];
/** EspoCRM's conversion alone makes a lead Converted and says what it became. */
const STATUSES: ChoiceTable<LeadStatus> = [...WRITTEN, ["CONVERTED", "Converted"]];
const AMOUNT = ["opportunityAmount", "opportunityAmountCurrency"];

function withStatus(value: LeadStatus) {
  const words = STATUSES.filter(([ours]) => value === "OTHER" || ours === value).map(([, theirs]) => theirs);
  // No word of EspoCRM's means QUALIFIED, so nothing is.
  return words.length > 0 ? by(value === "OTHER" ? "notIn" : "in", "status")(words) : by("equals", "id")("-");
}

/** Source: entityDefs/Lead of espocrm/espocrm; the answers of an EspoCRM 8.4.2. */
export const leadMap: FieldMap<"lead"> = {
  ...base,
  resource: "lead",
  nativeName: "Lead",
  fields: {
    ...personFields("Lead"),
    fullName: kit.readOnlyText("name"),
    companyName: kit.text("accountName"),
    source: kit.text("source"),
    status: kit.choice("status", STATUSES, "OTHER"),
    rawStatus: kit.readOnlyText("status"),
    isConverted: { reads: ["status"], read: ({ status }) => status === "Converted" },
    convertedAt: kit.readOnlyDateTime("convertedAt"),
    value: {
      reads: AMOUNT,
      read(native) {
        const [amount, currency] = AMOUNT.map((name) => kit.readText(native[name]));
        return amount && currency ? { amount, currency } : null;
      },
      write: {
        native: AMOUNT,
        toNative(value: Money | null) {
          if (value && !/^\d+(\.\d+)?$/.test(value.amount))
            throw new FieldProblem("Expected a decimal number, such as 1250.50.", "amount");
          const opportunityAmount = value && Number(value.amount);
          return { opportunityAmount, opportunityAmountCurrency: value?.currency ?? null };
        },
      },
    },
  },
  inputs: { ownerId: ownerInput },
  composites: [kit.choiceInput("status", "rawStatus", "status", WRITTEN)],
  required: [["lastName", "firstName", "companyName", "emails", "phones"]],
  edges: {
    convertedContact: { reads: ["createdContactId"], read: ({ createdContactId: id }) => (id ? [String(id)] : []) },
  },
  filters: {
    ...personFilters,
    search: contains("name", "emailAddress", "phoneNumber", "accountName"),
    status: withStatus,
  },
  orders: NAME_ORDERS,
};
