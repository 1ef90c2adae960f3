import { formatDateTime } from "../date-times.js";
import * as fields from "../fields.js";
import type { Row, Values } from "../data.js";
import type { Database } from "../database.js";
import { LEADS_GROUP } from "../seed/base-data.js";
import { CUSTOM_FIELDS, defineModel, type MethodCall, type Session } from "../model.js";
import { validationError } from "../rpc-error.js";
import { withScheme } from "./partner.js";
import { ADDRESS_FIELDS } from "./partner-address.js";

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

/** Leads and opportunities share this model. `type` distinguishes them. */
export const leadModel = defineModel({
  name: "crm.lead",
  description: "Lead/Opportunity",
  order: "priority desc, id desc",
  fields: {
    name: fields.char("Opportunity", { required: true }),
    type: fields.selection("Type", TYPES, { required: true, default: "lead" }),
    contact_name: fields.char("Contact Name"),
    partner_name: fields.char("Company Name"),
    email_from: fields.char("Email"),
    phone: fields.char("Phone"),
    mobile: fields.char("Mobile"),
    function: fields.char("Job Position"),
    website: fields.char("Website"),
    ...ADDRESS_FIELDS,
    stage_id: fields.many2one("Stage", "crm.stage", { onDelete: "restrict" }),
    source_id: fields.many2one("Source", "utm.source"),
    user_id: fields.many2one("Salesperson", "res.users"),
    partner_id: fields.many2one("Customer", "res.partner"),
    priority: fields.selection("Priority", PRIORITIES, { default: "0" }),
    expected_revenue: fields.monetary("Expected Revenue"),
    company_currency: fields.many2one("Currency", "res.currency", {
      compute: (_row, database) => database.get("res.company", 1)?.["currency_id"] ?? null,
    }),
    probability: fields.float("Probability"),
    description: fields.html("Notes"),
    active: fields.boolean("Active", { default: true }),
    lost_reason_id: fields.many2one("Lost Reason", "crm.lost.reason", { onDelete: "restrict" }),
    date_conversion: fields.datetime("Conversion Date"),
    date_closed: fields.datetime("Closed Date"),
    date_deadline: fields.date("Expected Closing"),
    tag_ids: fields.many2many("Tags", "crm.tag"),
    calendar_event_ids: fields.one2many("Meetings", "calendar.event", "opportunity_id"),
    ...CUSTOM_FIELDS,
  },
  defaults: ({ uid, database }) => ({
    user_id: uid,
    stage_id: firstStage(database.rows("crm.stage")),
    type: usesLeads(uid, database) ? "lead" : "opportunity",
  }),
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
  methods: {
    convert_opportunity: {
      onRecords: true,
      parameters: [{ name: "partner" }, { name: "user_ids", default: false }, { name: "team_id", default: false }],
      run: convert,
    },
  },
});

/** Without the group, the database has leads switched off for the user: its menus show opportunities only. */
function usesLeads(uid: number, database: Database): boolean {
  const group = database.rows("res.groups").find(({ name }) => name === LEADS_GROUP);
  return Array.isArray(group?.["users"]) && group["users"].includes(uid);
}

function firstStage(stages: readonly Row[]): number | null {
  return stages.toSorted((left, right) => Number(left["sequence"]) - Number(right["sequence"]))[0]?.id ?? null;
}

/**
 * Sets probability and closing date. A won stage sets the probability to 100. A won or archived lead gets a closing
 * date. A move to another stage clears the date.
 */
function closeOrReopen(changes: Values, before: Row | null, session: Session): void {
  const stageId = changes["stage_id"];
  const isMoved = typeof stageId === "number" && stageId !== before?.["stage_id"];
  const isWon = isMoved && session.database.get("crm.stage", stageId)?.["is_won"] === true;
  if (isWon) changes["probability"] = 100;
  const { probability } = changes;
  if (Number(probability ?? 0) >= 100 || changes["active"] === false) changes["date_closed"] = session.now;
  else if (Number(probability ?? 0) > 0 || (isMoved && probability === undefined)) changes["date_closed"] = null;
}

/**
 * Converts leads into opportunities. Lost and won leads do not change. Without a partner in the call, the lead loses
 * its partner.
 */
function convert({ session, model, ids, argument }: MethodCall): boolean {
  const partner = argument("partner");
  const date_conversion = formatDateTime(session.now);
  const open = ids.filter((id) => {
    const lead = session.database.get(model.name, id);
    return lead === undefined || (lead["active"] === true && lead["probability"] !== 100);
  });
  session.write(model, open, { type: "opportunity", date_conversion, partner_id: partner || false });
  return true;
}

const COPIED_FIELDS = [
  ["email_from", "email"],
  ["phone", "phone"],
  ["mobile", "mobile"],
  ["function", "function"],
  ["website", "website"],
] as const;

/**
 * A lead that gets a customer takes the customer's details, except those written in the same call. One that loses its
 * customer loses its names, as Odoo 19 does. Recorded from Odoo 17 and 19.
 */
function copyFromPartner(changes: Values, before: Row | null, session: Session): void {
  const partnerId = changes["partner_id"];
  if (partnerId === null && before) for (const name of ["contact_name", "partner_name"]) changes[name] ??= null;
  if (typeof partnerId !== "number" || partnerId === before?.["partner_id"]) return;
  const partner = session.database.get("res.partner", partnerId);
  if (partner === undefined) return;
  const parent = session.database.get("res.partner", Number(partner["parent_id"]));
  const name = partner["name"];
  const isCompany = partner["is_company"] === true;
  const take = (field: string, value: Values[string] | undefined) => {
    if (!(field in changes) && value !== undefined && value !== null && value !== "") changes[field] = value;
  };
  if (before === null) take("name", `${String(name)}'s opportunity`);
  take("contact_name", isCompany ? null : name);
  take("partner_name", parent?.["name"] ?? (isCompany ? name : null));
  for (const [leadField, partnerField] of COPIED_FIELDS) take(leadField, partner[partnerField]);
  // Odoo copies a whole address or no part of it.
  const address = Object.keys(ADDRESS_FIELDS);
  if (!address.some((field) => partner[field])) return;
  for (const field of address) if (!(field in changes)) changes[field] = partner[field] ?? null;
}

/**
 * A lead and its customer have the same e-mail address and phone number: what is written to the lead, Odoo writes to the
 * customer, and Odoo 17 also clears it there. Recorded from Odoo 17 and 19.
 */
function copyToPartner(row: Row, before: Row | null, session: Session): void {
  const partner = session.database.get("res.partner", Number(row["partner_id"]));
  if (partner === undefined) return;
  for (const [leadField, partnerField] of [COPIED_FIELDS[0], COPIED_FIELDS[1]]) {
    const value = row[leadField] ?? null;
    const isWritten = before === null ? value !== null : value !== (before[leadField] ?? null);
    if (!isWritten || value === partner[partnerField]) continue;
    session.write(session.model("res.partner"), [partner.id], { [partnerField]: value });
  }
}
