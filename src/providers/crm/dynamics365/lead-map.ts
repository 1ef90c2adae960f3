import { FieldProblem, type FieldMap } from "../../contract/field-map.js";
import type { LeadStatus, Money } from "../../contract/model.js";
import { readText } from "../../mapping/json-dialect.js";
import {
  addresses,
  custom,
  kit,
  label,
  ownerInput,
  ownFields,
  personFields,
  PHONES,
  PROVIDER_NAME,
  reference,
  source,
  statusInput,
  type StatusTable,
} from "./dialect.js";
import { NOTHING, personFilters, STAMP_ORDERS } from "./query.js";

const QUALIFIED = 1;
const STATUSES: StatusTable<LeadStatus> = [
  ["NEW", 0, 1],
  ["WORKING", 0, 2],
  ["UNQUALIFIED", 2, 4],
];
const WITH_STATUS: Readonly<Record<LeadStatus, string>> = {
  NEW: "statecode eq 0 and statuscode eq 1",
  WORKING: "statecode eq 0 and statuscode eq 2",
  QUALIFIED: NOTHING,
  CONVERTED: `statecode eq ${QUALIFIED}`,
  UNQUALIFIED: "statecode eq 2",
  OTHER: "statecode gt 2 or (statecode eq 0 and statuscode ne 1 and statuscode ne 2)",
};

/** Leads. Source: learn.microsoft.com, Dynamics 365 Customer Engagement, "Lead entity reference". */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: "lead",
  identity: ["leadid"],
  fields: {
    ...personFields,
    fullName: kit.readOnlyText("fullname"),
    subject: kit.text("subject"),
    companyName: kit.text("companyname"),
    phones: kit.phones(PHONES),
    addresses: addresses("address1", "address2"),
    source,
    status: {
      reads: ["statecode", "statuscode"],
      read({ statecode, statuscode }) {
        if (statecode === QUALIFIED) return "CONVERTED";
        const isClosed = statecode !== 0;
        return (
          STATUSES.find(([, state, reason]) => state === statecode && (isClosed || reason === statuscode))?.[0] ??
          "OTHER"
        );
      },
      note: "CONVERTED is Dynamics’ own qualifying of a lead and cannot be written.",
    },
    rawStatus: label("statuscode"),
    rating: kit.writableChoice("leadqualitycode", { 1: "HOT", 2: "WARM", 3: "COLD" }, Number),
    rawRating: label("leadqualitycode"),
    value: {
      reads: ["estimatedamount", "$currency"],
      read({ estimatedamount, transactioncurrencyid: currency }) {
        const code = readText((currency as Record<string, unknown> | null)?.["isocurrencycode"]);
        const amount = readText(estimatedamount);
        return amount === null || code === null ? null : { amount, currency: code };
      },
      write: {
        native: ["estimatedamount", "transactioncurrencyid@odata.bind"],
        toNative(value: Money | null) {
          if (value === null) return { estimatedamount: null };
          if (!/^-?\d+(\.\d+)?$/.test(value.amount)) throw new FieldProblem("This is not an amount.", "amount");
          return { estimatedamount: Number(value.amount), "transactioncurrencyid@odata.bind": value.currency };
        },
      },
    },
    isConverted: { reads: ["statecode"], read: ({ statecode }) => statecode === QUALIFIED },
    ...ownFields("lead", "leadid"),
  },
  inputs: { ownerId: ownerInput, contactId: reference("parentcontactid", "contacts") },
  composites: [statusInput(STATUSES)],
  required: [["subject", "lastName", "firstName", "emails"]],
  edges: { contact: kit.edgeById("_parentcontactid_value") },
  filters: {
    ...personFilters(["subject", "companyname"], PHONES),
    status: (status: LeadStatus) => WITH_STATUS[status],
  },
  orders: { ...STAMP_ORDERS, NAME: "fullname" },
  custom,
};
