import {
  FieldProblem,
  type CompositeInput,
  type EdgeEntry,
  type FieldEntry,
  type FieldMap,
  type NativeRecord,
} from "../../contract/field-map.js";
import type { LeadInput } from "../../contract/input.js";
import type { LeadRating, LeadStatus, Money } from "../../contract/model.js";
import { wordsFor, writtenWord, type ChoiceTable } from "../../mapping/choice-table.js";
import { customFieldRule } from "./definitions.js";
import {
  addresses,
  base,
  kit,
  ownerInput,
  phones,
  readDateTime,
  readReference,
  recordFields,
  tags,
} from "./dialect.js";
import {
  anyOf,
  containing,
  emailRules,
  hasPhone,
  IS_LEAD,
  isAddress,
  ownedBy,
  timeFilters,
  WAS_LEAD,
  type Domain,
  type Filter,
} from "./query.js";

export const LEAD_MODEL = "crm.lead";

/** The number of stars. A new lead has no star, which means no rating. */
const stars = kit.writableChoice("priority", { 3: "HOT", 2: "WARM", 1: "COLD" });
const UNRATED = "0";

const rating: FieldEntry<LeadRating | null> = {
  ...stars,
  read: (native, context) => (native["priority"] === UNRATED ? null : stars.read(native, context)),
  write: {
    native: ["priority"],
    toNative: (value: LeadRating | null) =>
      value === null ? { priority: UNRATED } : stars.write!.toNative(value as never),
  },
};

/** A look-up compares the currency with the company's and does not write it. */
const value: FieldEntry<Money | null> = {
  ...kit.money({ amount: "expected_revenue", currency: "company_currency", none: { expected_revenue: 0 } }),
  note: "In the currency of the company. Odoo does not distinguish no revenue from a revenue of 0.",
};

/** Stages of a new database. Customers rename them, so other stages read as OTHER, with `rawStatus`. */
const STAGES: ChoiceTable<LeadStatus> = {
  New: "NEW",
  Qualified: "QUALIFIED",
  Proposition: "WORKING",
  Won: "CONVERTED",
};

/**
 * Odoo converts a lead by turning the record itself into an opportunity. If the database has leads switched off, all
 * records are opportunities, and none was converted.
 */
const isConverted = (native: NativeRecord) => native["type"] === "opportunity" && native["$usesLeads"] === true;

/** What `isConverted` reads. */
const CONVERSION = ["type", "$usesLeads"];

/** Odoo archives a lost lead. */
function statusOf(native: NativeRecord): LeadStatus | null {
  if (isConverted(native)) return "CONVERTED";
  if (native["active"] === false) return "UNQUALIFIED";
  const stage = kit.readText(native["stage_id"]);
  return stage === null ? null : (STAGES[stage] ?? "OTHER");
}

const status: FieldEntry<LeadStatus | null> = {
  reads: [...CONVERSION, "active", "stage_id"],
  read: statusOf,
  note: "Converted leads are CONVERTED, and archived leads UNQUALIFIED. For other leads the name of the stage decides.",
};

/** Matches the leads that `statusOf` reads as this status. */
function hasStatus(wanted: LeadStatus): Domain {
  if (wanted === "UNQUALIFIED") return [["active", "=", false]];
  const inStage: Domain = [
    ["active", "=", true],
    ["stage_id.name", wanted === "OTHER" ? "not in" : "in", wordsFor(STAGES, wanted)],
  ];
  return wanted === "CONVERTED" ? anyOf(WAS_LEAD, [...IS_LEAD, ...inStage]) : inStage;
}

/** Writes the name of the stage. A look-up replaces the name by an id. */
const statusInput: CompositeInput<Pick<LeadInput, "status" | "rawStatus">> = {
  inputs: ["status", "rawStatus"],
  native: ["stage_id", "active", "probability"],
  toNative({ status: wanted, rawStatus }, mode) {
    if (wanted && rawStatus) throw new FieldProblem("Give either status or rawStatus, not both.", "", "rawStatus");
    // The same as Odoo's own action for lost leads (crm_lead.py, action_set_lost).
    if (wanted === "UNQUALIFIED") return { active: false, probability: 0 };
    const stage = rawStatus || (wanted ? stageNamed(wanted) : false);
    // Odoo gives a new lead without a stage the first stage.
    if (mode === "create") return stage === false ? {} : { stage_id: stage };
    // Writing a stage also restores a lost lead.
    return { stage_id: stage, active: true };
  },
};

function stageNamed(wanted: LeadStatus): string {
  const name = writtenWord(STAGES, wanted);
  if (name !== undefined) return name;
  const statuses = [...Object.values(STAGES), "UNQUALIFIED"].join(", ");
  throw new FieldProblem(`Odoo does not have this status. Use one of: ${statuses}.`, "", "status");
}

/** Leads (crm.lead). Source: addons/crm/models/crm_lead.py of odoo/odoo; recorded from Odoo 17. */
export const leadMap: FieldMap<"lead", Filter> = {
  ...base,
  resource: "lead",
  nativeName: LEAD_MODEL,
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
      reads: CONVERSION,
      read: isConverted,
      note: "A converted lead becomes an opportunity. Lists then omit it, but it can be read by its id.",
    },
    convertedAt: {
      reads: [...CONVERSION, "date_conversion"],
      read: (native) => (isConverted(native) ? readDateTime(native["date_conversion"]) : null),
    },
    description: kit.html("description"),
    tags: tags("tag_ids"),
    ...recordFields(LEAD_MODEL),
  },
  inputs: { ownerId: ownerInput, contactId: kit.reference("partner_id", Number) },
  composites: [kit.singleName({ native: "contact_name", isRequired: false }), statusInput],
  required: ["subject"],
  edges: {
    contact: partnerEdge([], () => true),
    convertedContact: partnerEdge(CONVERSION, isConverted),
  },
  filters: {
    email: isAddress("email_from"),
    phone: hasPhone,
    name: containing("name", "contact_name"),
    search: containing("name", "contact_name", "partner_name", "email_from", "phone"),
    ownerId: ownedBy,
    status: hasStatus,
    ...timeFilters,
  },
  byEmails: emailRules("email_from"),
  orders: { CREATED_AT: "create_date", UPDATED_AT: "write_date", NAME: "name" },
  custom: customFieldRule,
};

function partnerEdge(reads: readonly string[], isThere: (native: NativeRecord) => boolean): EdgeEntry {
  return {
    reads: ["partner_id", ...reads],
    read(native) {
      const id = readReference(native["partner_id"]);
      return id !== null && isThere(native) ? [id] : [];
    },
  };
}
