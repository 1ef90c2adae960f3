import {
  FieldProblem,
  type CompositeInput,
  type EdgeEntry,
  type FieldEntry,
  type FieldMap,
  type Filters,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { LeadInput } from "../../contract/input.js";
import type { LeadRating, LeadStatus, Money } from "../../contract/model.js";
import type { ChoiceTable } from "../../mapping/field-kit.js";
import { customFieldRule } from "./definitions.js";
import {
  addresses,
  createdAt,
  kit,
  owner,
  ownerInput,
  phones,
  PROVIDER_NAME,
  readReference,
  reference,
  tags,
  updatedAt,
  url,
} from "./dialect.js";
import { anyOf, containsInAny, IS_LEAD, isText, refersTo, timeFilters, WAS_LEAD, type Domain } from "./query.js";

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
  note: "In the currency of the company. Odoo does not distinguish no revenue from a revenue of 0.",
};

/** The currency is left for a look-up: it is not written, it has to be the company's. */
function writeValue(money: Money | null) {
  if (money === null) return { expected_revenue: 0 };
  const amount = Number(money.amount);
  if (money.amount.trim() === "" || !Number.isFinite(amount)) {
    throw new FieldProblem("Expected a number, such as 1250.50.", "amount");
  }
  return { expected_revenue: amount, company_currency: money.currency };
}

/** The stages of a fresh database. Stages are the customer's to rename: others read as OTHER, with `rawStatus`. */
const STAGES: readonly (readonly [LeadStatus, string])[] = [
  ["NEW", "New"],
  ["QUALIFIED", "Qualified"],
  ["WORKING", "Proposition"],
  ["CONVERTED", "Won"],
];

/**
 * Converting turns the lead itself into an opportunity: as a lead it has reached its end, whatever becomes of the
 * opportunity. A lead that is lost is archived.
 */
function statusOf(native: NativeRecord): LeadStatus | null {
  if (native["type"] === "opportunity") return "CONVERTED";
  if (native["active"] === false) return "UNQUALIFIED";
  const stage = kit.readText(native["stage_id"]);
  if (stage === null) return null;
  return STAGES.find(([, name]) => name === stage)?.[0] ?? "OTHER";
}

const status: FieldEntry<LeadStatus | null> = {
  reads: ["type", "active", "stage_id"],
  read: statusOf,
  note: "Opportunities are CONVERTED, and archived leads UNQUALIFIED. For other leads the name of the stage decides.",
};

/** The leads that `statusOf` gives that status. */
function hasStatus(wanted: LeadStatus): Domain {
  if (wanted === "UNQUALIFIED") return [["active", "=", false]];
  const names = STAGES.filter(([ours]) => wanted === "OTHER" || ours === wanted).map(([, name]) => name);
  const inStage: Domain = [
    ["active", "=", true],
    ["stage_id.name", wanted === "OTHER" ? "not in" : "in", names],
  ];
  return wanted === "CONVERTED" ? anyOf(WAS_LEAD, [...IS_LEAD, ...inStage]) : inStage;
}

/** Leaves the stage by its name, to be looked up. */
const statusInput: CompositeInput<Pick<LeadInput, "status" | "rawStatus">> = {
  inputs: ["status", "rawStatus"],
  native: ["stage_id", "active", "probability"],
  toNative({ status: wanted, rawStatus }, mode) {
    if (wanted && rawStatus) throw new FieldProblem("Give either status or rawStatus, not both.", "", "rawStatus");
    // What Odoo's own "lost" does (crm_lead.py, action_set_lost).
    if (wanted === "UNQUALIFIED") return { active: false, probability: 0 };
    const stage = rawStatus || (wanted ? stageNamed(wanted) : false);
    // A new lead without one gets the first stage.
    if (mode === "create") return stage === false ? {} : { stage_id: stage };
    // A lost lead that is given a stage is taken up again.
    return { stage_id: stage, active: true };
  },
};

function stageNamed(wanted: LeadStatus): string {
  const name = STAGES.find(([ours]) => ours === wanted)?.[1];
  if (name !== undefined) return name;
  const statuses = [...STAGES.map(([ours]) => ours), "UNQUALIFIED"].join(", ");
  throw new FieldProblem(`Odoo does not have this status. Use one of: ${statuses}.`, "", "status");
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
      note: "crmesh refuses sources that Odoo does not have.",
    },
    isConverted: {
      reads: ["type"],
      read: (native) => native["type"] === "opportunity",
      note: "A converted lead becomes an opportunity. Lists then omit it, but it can be read by its id.",
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
