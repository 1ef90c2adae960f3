import type { Database } from "../database.js";
import { char, many2one, selection } from "../fields.js";
import type { Row } from "../rows.js";
import { defineModel } from "../model.js";
import { partnerIdOfUser } from "./user.js";

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
    event_id: many2one("Meeting linked", "calendar.event", { required: true, onDelete: "cascade" }),
    partner_id: many2one("Attendee", "res.partner", { required: true, onDelete: "cascade" }),
    email: char("Email", { compute: (row, database) => partnerOf(row, database)?.["email"] ?? null }),
    phone: char("Phone", { compute: (row, database) => partnerOf(row, database)?.["phone"] ?? null }),
    common_name: char("Common name", { compute: (row, database) => commonName(row, database) }),
    state: selection("Status", STATES, { default: "needsAction" }),
  },
  displayName: commonName,
  prepare(changes, before, session) {
    // Whoever sets a meeting up has accepted it.
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
