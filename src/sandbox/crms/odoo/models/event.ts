import { boolean, char, date, datetime, float, html, many2many, many2one, many2oneReference } from "../fields.js";
import { one2many, selection } from "../fields.js";
import type { Row } from "../rows.js";
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
    name: char("Meeting Subject", { required: true }),
    description: html("Description"),
    start: datetime("Start", { required: true }),
    stop: datetime("Stop", { required: true }),
    allday: boolean("All Day"),
    start_date: date("Start Date"),
    stop_date: date("End Date"),
    duration: float("Duration"),
    location: char("Location"),
    videocall_location: char("Meeting URL"),
    partner_ids: many2many("Attendees", "res.partner"),
    attendee_ids: one2many("Participant", "calendar.attendee", "event_id"),
    user_id: many2one("Organizer", "res.users"),
    partner_id: many2one("Scheduled by", "res.partner", {
      compute: (row, database) => partnerIdOfUser(row["user_id"] ?? null, database),
    }),
    res_model_id: many2one("Document Model", "ir.model", { onDelete: "cascade" }),
    // It only follows `res_model_id`: written by itself, it is lost.
    res_model: char("Document Model Name", {
      compute: (row, database) => database.get("ir.model", Number(row["res_model_id"]))?.["model"] ?? null,
    }),
    res_id: many2oneReference("Document ID"),
    opportunity_id: many2one("Opportunity", "crm.lead"),
    active: boolean("Active", { default: true }),
    privacy: selection("Privacy", PRIVACY, { required: true, default: "public" }),
    show_as: selection("Show as", SHOW_AS, { required: true, default: "busy" }),
    categ_ids: many2many("Tags", "calendar.event.type"),
    recurrency: boolean("Recurrent"),
    ...CUSTOM_FIELDS,
  },
  defaults({ uid, database }) {
    const partner = partnerIdOfUser(uid, database);
    return { user_id: uid, partner_ids: partner === null ? [] : [partner] };
  },
  prepare: completeTimes,
  check: checkTimes,
  afterSave: inviteAndUninvite,
});

/** Every partner of a meeting has an attendee record of its own, which keeps the partner's answer. */
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
