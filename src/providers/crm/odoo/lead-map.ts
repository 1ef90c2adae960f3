import type { ChoiceTable } from "../../mapping/field-kit.js";
import {
  FieldProblem,
  type EdgeEntry,
  type FieldEntry,
  type FieldMap,
  type Filters,
} from "../../contract/field-map.js";
import type { LeadRating, Money } from "../../contract/model.js";
import { customFieldRule } from "./custom-values.js";
import { kit, PROVIDER_NAME, readReference } from "./dialect.js";
import { anyOf, containsInAny, isText, refersTo, type Domain } from "./query.js";
import { hasStatus, status, statusInput } from "./lead-status.js";
import {
  addresses,
  createdAt,
  owner,
  ownerInput,
  phones,
  reference,
  tags,
  timeFilters,
  updatedAt,
  url,
} from "./shared-fields.js";

export const LEAD_MODEL = "crm.lead";

/** Stars: three, two, one. No star is no rating: every new lead begins so. */
const RATINGS: ChoiceTable<LeadRating> = [
  ["HOT", "3"],
  ["WARM", "2"],
  ["COLD", "1"],
];
const UNRATED = "0";

const stars = kit.writableChoice("priority", RATINGS, "OTHER", "rating");

const rating: FieldEntry<LeadRating | null> = {
  ...stars,
  read: (native, context) => (native["priority"] === UNRATED ? null : stars.read(native, context)),
  write: {
    native: ["priority"],
    toNative: (value: LeadRating | null) =>
      value === null ? { priority: UNRATED } : stars.write!.toNative(value as never),
  },
};

const value: FieldEntry<Money | null> = {
  reads: ["expected_revenue", "company_currency"],
  read(native) {
    const amount = native["expected_revenue"];
    const currency = kit.readText(native["company_currency"]);
    return typeof amount === "number" && currency !== null ? { amount: String(amount), currency } : null;
  },
  write: { native: ["expected_revenue", "company_currency"], toNative: writeValue },
  note: "In the currency of the company; Odoo cannot tell no revenue from a revenue of 0.",
};

/** The currency is left for a look-up: it is not written, it has to be the company's. */
function writeValue(money: Money | null) {
  if (money === null) return { expected_revenue: 0 };
  const amount = Number(money.amount);
  if (money.amount.trim() === "" || !Number.isFinite(amount)) {
    throw new FieldProblem("This is not a number.", "amount");
  }
  return { expected_revenue: amount, company_currency: money.currency };
}

const filters: Filters<"lead", Domain> = {
  email: (value) => [isText("email_from", value)],
  phone: (value) => anyOf([["phone", "=", value]], [["mobile", "=", value]]),
  name: (value) => containsInAny(["name", "contact_name"], value),
  search: (value) => containsInAny(["name", "contact_name", "partner_name", "email_from", "phone"], value),
  ownerId: (value) => refersTo("user_id", value),
  status: hasStatus,
  ...timeFilters,
};

/** Leads (crm.lead). Source: addons/crm/models/crm_lead.py of odoo/odoo; recorded from an Odoo 17. */
export const leadMap: FieldMap<"lead"> = {
  resource: "lead",
  providerName: PROVIDER_NAME,
  nativeName: LEAD_MODEL,
  identity: ["id"],
  fields: {
    subject: kit.text("name"),
    fullName: kit.readOnlyText("contact_name"),
    companyName: kit.text("partner_name"),
    title: kit.text("function"),
    emails: kit.singleEmail("email_from"),
    phones,
    addresses,
    status,
    rawStatus: { ...kit.readOnlyText("stage_id"), note: "The name of the stage." },
    rating,
    rawRating: kit.readOnlyText("priority"),
    value,
    source: {
      ...kit.text("source_id"),
      note: "Sources that Odoo does not know are refused, not made.",
    },
    isConverted: {
      reads: ["type"],
      read: (native) => native["type"] === "opportunity",
      note: "A lead that is converted becomes an opportunity: listings then leave it out, by its id it can be read.",
    },
    convertedAt: kit.readOnlyDateTime("date_conversion"),
    description: kit.html("description"),
    tags: tags("tag_ids"),
    owner,
    createdAt,
    updatedAt,
    url: url(LEAD_MODEL),
  },
  inputs: { ownerId: ownerInput, contactId: reference("partner_id") },
  composites: [kit.singleName({ native: "contact_name", isRequired: false }), statusInput],
  required: ["subject"],
  edges: {
    contact: partnerEdge(() => true),
    convertedContact: partnerEdge((type) => type === "opportunity"),
  },
  filters,
  orders: { CREATED_AT: "create_date", UPDATED_AT: "write_date", NAME: "name" },
  custom: customFieldRule,
};

function partnerEdge(isThere: (type: unknown) => boolean): EdgeEntry {
  return {
    reads: ["partner_id", "type"],
    read(native) {
      const id = readReference(native["partner_id"]);
      return id !== null && isThere(native["type"]) ? [id] : [];
    },
  };
}
