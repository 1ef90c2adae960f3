import type { Database } from "../database.js";
import * as fields from "../fields.js";
import type { Row, Stored, Values } from "../data.js";
import { CUSTOM_FIELDS, defineModel, type Session } from "../model.js";
import { checkTimes, completeTimes } from "./event-times.js";
import { partnerIdOfUser } from "./user.js";

const PRIVACY = [
  ["public", "Public"],
  ["private", "Private"],
  ["confidential", "Only internal users"],
] as const;
const SHOW_AS = [
  ["free", "Available"],
  ["busy", "Busy"],
] as const;

/** A meeting. */
export const eventModel = defineModel({
  name: "calendar.event",
  description: "Calendar Event",
  order: "start desc",
  fields: {
    name: fields.char("Meeting Subject", { required: true }),
    description: fields.html("Description"),
    start: fields.datetime("Start", { required: true }),
    stop: fields.datetime("Stop", { required: true }),
    allday: fields.boolean("All Day"),
    start_date: fields.date("Start Date"),
    stop_date: fields.date("End Date"),
    duration: fields.float("Duration"),
    location: fields.char("Location"),
    videocall_location: fields.char("Meeting URL"),
    partner_ids: fields.many2many("Attendees", "res.partner"),
    attendee_ids: fields.one2many("Participant", "calendar.attendee", "event_id"),
    user_id: fields.many2one("Organizer", "res.users"),
    partner_id: fields.many2one("Scheduled by", "res.partner", {
      compute: (row, database) => partnerIdOfUser(row["user_id"] ?? null, database),
    }),
    res_model_id: fields.many2one("Document Model", "ir.model", { onDelete: "cascade" }),
    // Computed from `res_model_id`. Odoo ignores writes to it.
    res_model: fields.char("Document Model Name", {
      compute: (row, database) => database.get("ir.model", Number(row["res_model_id"]))?.["model"] ?? null,
    }),
    res_id: fields.many2oneReference("Document ID"),
    opportunity_id: fields.many2one("Opportunity", "crm.lead"),
    active: fields.boolean("Active", { default: true }),
    privacy: fields.selection("Privacy", PRIVACY, { required: true, default: "public" }),
    show_as: fields.selection("Show as", SHOW_AS, { required: true, default: "busy" }),
    categ_ids: fields.many2many("Tags", "calendar.event.type"),
    recurrency: fields.boolean("Recurrent"),
    ...CUSTOM_FIELDS,
  },
  defaults({ uid, database }) {
    const partner = partnerIdOfUser(uid, database);
    return { user_id: uid, partner_ids: partner === null ? [] : [partner] };
  },
  masked: privateValue,
  prepare(changes, before, session) {
    completeTimes(changes, before, session);
    const video = changes["videocall_location"];
    if (typeof video === "string") changes["videocall_location"] = atServer(video);
    if (before === null) signDescription(changes, session);
  },
  check: checkTimes,
  afterSave: inviteAndUninvite,
});

/** Fields that everybody sees of a private meeting. */
const PUBLIC_FIELDS = new Set(
  "id active allday start stop start_date stop_date duration user_id partner_id privacy show_as recurrency".split(" "),
);

/** Others' private meetings show their times only. Attendee records are not masked. */
function privateValue(row: Row, field: string, { uid, database }: Session): Stored | undefined {
  if (row["privacy"] !== "private" || row["user_id"] === uid || PUBLIC_FIELDS.has(field)) return undefined;
  const own = partnerIdOfUser(uid, database);
  if (own !== null && idsOf(row).includes(own)) return undefined;
  if (field === "name") return "Busy";
  return field.endsWith("_ids") ? [] : null;
}

/** A link without http or https is taken for a path of Odoo's own server. Recorded from Odoo 17. */
function atServer(link: string): string {
  return link === "" || /^https?:/i.test(link) ? link : `http://localhost:8069/${link}`;
}

/** Odoo 19 adds the organizer to the description of a new meeting, unless the call asks it not to. Recorded from Odoo 19. */
function signDescription(changes: Values, { context, uid, database }: Session): void {
  const organizer = database.get("res.partner", partnerIdOfUser(changes["user_id"] ?? uid, database) ?? 0);
  if (context["skip_contact_description"] || !organizer) return;
  const details = `<div>Organized by: ${String(organizer["name"])}<br>Contact Details: ${String(organizer["email"])}</div>`;
  changes["description"] = `${typeof changes["description"] === "string" ? changes["description"] : ""}${details}`;
}

/** Keeps one attendee record per partner of a meeting. The record has the partner's response. */
function inviteAndUninvite(row: Row, before: Row | null, session: Session): void {
  const attendees = session.model("calendar.attendee");
  const present = session.database.rows(attendees.name).filter((attendee) => attendee["event_id"] === row.id);
  if (before === null && present.length > 0) return;
  const invited = idsOf(row);
  const were = before === null ? [] : idsOf(before);
  const gone = present.filter((attendee) => !invited.includes(Number(attendee["partner_id"])));
  session.unlink(
    attendees,
    gone.filter((attendee) => were.includes(Number(attendee["partner_id"]))).map((attendee) => attendee.id),
  );
  for (const partner of invited) {
    if (!were.includes(partner)) session.create(attendees, { event_id: row.id, partner_id: partner });
  }
}

function idsOf(event: Row): number[] {
  return Array.isArray(event["partner_ids"]) ? event["partner_ids"] : [];
}

const STATES = [
  ["needsAction", "Needs Action"],
  ["tentative", "Maybe"],
  ["declined", "No"],
  ["accepted", "Yes"],
] as const;

/** One partner's invitation to one meeting. */
export const attendeeModel = defineModel({
  name: "calendar.attendee",
  description: "Calendar Attendee Information",
  order: "create_date ASC",
  searchedByName: ["common_name"],
  fields: {
    event_id: fields.many2one("Meeting linked", "calendar.event", { required: true, onDelete: "cascade" }),
    partner_id: fields.many2one("Attendee", "res.partner", { required: true, onDelete: "cascade" }),
    email: fields.char("Email", { compute: (row, database) => partnerOf(row, database)?.["email"] ?? null }),
    phone: fields.char("Phone", { compute: (row, database) => partnerOf(row, database)?.["phone"] ?? null }),
    common_name: fields.char("Common name", { compute: (row, database) => commonName(row, database) }),
    state: fields.selection("Status", STATES, { default: "needsAction" }),
  },
  displayName: commonName,
  prepare(changes, before, session) {
    // The user who creates a meeting has accepted it.
    const isOwn = changes["partner_id"] === partnerIdOfUser(session.uid, session.database);
    if (before === null && isOwn) changes["state"] ??= "accepted";
  },
});

function commonName(row: Row, database: Database): string {
  const partner = partnerOf(row, database);
  return String(partner?.["name"] ?? partner?.["email"] ?? "");
}

function partnerOf(row: Row, database: Database): Row | undefined {
  return database.get("res.partner", Number(row["partner_id"]));
}
