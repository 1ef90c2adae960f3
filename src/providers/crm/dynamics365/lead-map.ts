import type { FieldMap } from "../../contract/field-map.js";
import type { LeadStatus } from "../../contract/model.js";
import { membersOf } from "../../kit/answer.js";
import {
  addresses,
  base,
  kit,
  label,
  ownerInput,
  personFields,
  PHONES,
  recordFields,
  reference,
  source,
  statusInput,
  type StatusTable,
} from "./dialect.js";
import { byEmails, NOTHING, personFilters, STAMP_ORDERS } from "./query.js";

const QUALIFIED = 1;
/** A look-up replaces the currency's code by the currency's id. */
const CURRENCY = "transactioncurrencyid@odata.bind";
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
  ...base,
  resource: "lead",
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
      note: "CONVERTED means that Dynamics qualified the lead. It cannot be written.",
    },
    rawStatus: label("statuscode"),
    rating: kit.writableChoice("leadqualitycode", { 1: "HOT", 2: "WARM", 3: "COLD" }, Number),
    rawRating: label("leadqualitycode"),
    value: {
      ...kit.money({ amount: "estimatedamount", currency: CURRENCY, none: { estimatedamount: null } }),
      reads: ["estimatedamount", "$currency"],
      read: (native) =>
        kit.readMoney(native["estimatedamount"], membersOf(native["transactioncurrencyid"])["isocurrencycode"]),
    },
    isConverted: { reads: ["statecode"], read: ({ statecode }) => statecode === QUALIFIED },
    ...recordFields("lead", "leadid"),
  },
  inputs: { ownerId: ownerInput, contactId: reference("parentcontactid", "contacts") },
  composites: [statusInput(STATUSES)],
  required: [["subject", "lastName", "firstName", "emails"]],
  edges: { contact: kit.edgeById("_parentcontactid_value") },
  filters: {
    ...personFilters(["subject", "companyname"], PHONES),
    status: (status: LeadStatus) => WITH_STATUS[status],
  },
  byEmails,
  orders: { ...STAMP_ORDERS, NAME: "fullname" },
};
