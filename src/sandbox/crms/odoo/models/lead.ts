import {
  boolean,
  char,
  date,
  datetime,
  float,
  html,
  many2many,
  many2one,
  monetary,
  one2many,
  selection,
} from "../fields.js";
import type { Row, Values } from "../rows.js";
import { CUSTOM_FIELDS, defineModel, type Session } from "../model.js";
import { validationError } from "../rpc-error.js";
import { ADDRESS_FIELDS, withScheme } from "./address.js";
import { LEAD_METHODS } from "./lead-methods.js";
import { copyFromPartner, copyToPartner } from "./lead-partner.js";

const TYPES = [
  ["lead", "Lead"],
  ["opportunity", "Opportunity"],
] as const;
const PRIORITIES = [
  ["0", "Low"],
  ["1", "Medium"],
  ["2", "High"],
  ["3", "Very High"],
] as const;

/** Leads and opportunities are the same records, told apart by `type`. */
export const leadModel = defineModel({
  name: "crm.lead",
  description: "Lead/Opportunity",
  order: "priority desc, id desc",
  fields: {
    name: char("Opportunity", { required: true }),
    type: selection("Type", TYPES, { required: true, default: "lead" }),
    contact_name: char("Contact Name"),
    partner_name: char("Company Name"),
    email_from: char("Email"),
    phone: char("Phone"),
    mobile: char("Mobile"),
    function: char("Job Position"),
    website: char("Website"),
    ...ADDRESS_FIELDS,
    stage_id: many2one("Stage", "crm.stage", { onDelete: "restrict" }),
    source_id: many2one("Source", "utm.source"),
    user_id: many2one("Salesperson", "res.users"),
    partner_id: many2one("Customer", "res.partner"),
    priority: selection("Priority", PRIORITIES, { default: "0" }),
    expected_revenue: monetary("Expected Revenue"),
    company_currency: many2one("Currency", "res.currency", {
      compute: (_row, database) => database.get("res.company", 1)?.["currency_id"] ?? null,
    }),
    probability: float("Probability"),
    description: html("Notes"),
    active: boolean("Active", { default: true }),
    lost_reason_id: many2one("Lost Reason", "crm.lost.reason", { onDelete: "restrict" }),
    date_conversion: datetime("Conversion Date"),
    date_closed: datetime("Closed Date"),
    date_deadline: date("Expected Closing"),
    tag_ids: many2many("Tags", "crm.tag"),
    calendar_event_ids: one2many("Meetings", "calendar.event", "opportunity_id"),
    ...CUSTOM_FIELDS,
  },
  defaults: ({ uid, database }) => ({ user_id: uid, stage_id: firstStage(database.rows("crm.stage")) }),
  prepare(changes, before, session) {
    if (typeof changes["website"] === "string") changes["website"] = withScheme(changes["website"]);
    copyFromPartner(changes, before, session);
    closeOrReopen(changes, before, session);
  },
  check(row) {
    const probability = Number(row["probability"] ?? 0);
    if (probability >= 0 && probability <= 100) return;
    throw validationError(
      "The operation cannot be completed: The probability of closing the deal should be between 0% and 100%!",
    );
  },
  afterSave: copyToPartner,
  beforeUnlink(row, session) {
    const leads = session.database.rows("ir.model").find((model) => model["model"] === "crm.lead")?.id;
    const meetings = session.database
      .rows("calendar.event")
      .filter((event) => event["res_model_id"] === leads && event["res_id"] === row.id);
    const ids = meetings.map((event) => event.id);
    session.write(session.model("calendar.event"), ids, { res_id: false, res_model_id: false });
  },
  methods: LEAD_METHODS,
});

function firstStage(stages: readonly Row[]): number | null {
  return stages.toSorted((left, right) => Number(left["sequence"]) - Number(right["sequence"]))[0]?.id ?? null;
}

/** A won stage makes the lead certain; winning or archiving closes it, moving it on reopens it. */
function closeOrReopen(changes: Values, before: Row | null, session: Session): void {
  const stageId = changes["stage_id"];
  const isMoved = typeof stageId === "number" && stageId !== before?.["stage_id"];
  const isWon = isMoved && session.database.get("crm.stage", stageId)?.["is_won"] === true;
  if (isWon) changes["probability"] = 100;
  const { probability } = changes;
  if (Number(probability ?? 0) >= 100 || changes["active"] === false) changes["date_closed"] = session.now;
  else if (Number(probability ?? 0) > 0 || (isMoved && probability === undefined)) changes["date_closed"] = null;
}
