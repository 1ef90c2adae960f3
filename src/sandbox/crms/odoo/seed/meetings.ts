import type { Seed, SeedMeeting } from "../../../kit/seed.js";
import type { Database } from "../database.js";
import { dateOf, HOUR, type Micros } from "../date-times.js";
import type { Values } from "../rows.js";
import { htmlOfText } from "../html.js";
import { blankValues } from "../model.js";
import { attendeeModel } from "../models/attendee.js";
import { eventModel } from "../models/event.js";
import { ownerPartner, ownerUid } from "./base-data.js";
import { personPartner, stamps } from "./people.js";

const DAY: Micros = 24 * HOUR;
const ANSWERS = ["accepted", "needsAction", "tentative", "declined"] as const;

/** Meetings with their attendees; the organizer attends every one. */
export function seedMeetings(database: Database, seed: Seed): void {
  const leadModelId = database.rows("ir.model").find((model) => model["model"] === "crm.lead")?.id ?? null;
  for (const [index, meeting] of seed.meetings.entries()) {
    const created = stamps(meeting.createdAt, meeting.updatedAt, index);
    const partners = [ownerPartner(meeting.owner), ...meeting.people.map((person) => personPartner(seed, person))];
    const lead = meeting.lead === null ? null : meeting.lead + 1;
    const event = database.insert("calendar.event", {
      ...blankValues(eventModel),
      name: meeting.title,
      description: meeting.description === null ? null : htmlOfText(meeting.description),
      ...timesOf(meeting),
      location: meeting.location,
      videocall_location: meeting.videoUrl,
      partner_ids: partners,
      user_id: ownerUid(meeting.owner),
      opportunity_id: lead,
      res_id: lead,
      res_model_id: lead === null ? null : leadModelId,
      x_crmesh_score: index % 100,
      ...created,
    });
    for (const [place, partner] of partners.entries()) {
      database.insert("calendar.attendee", {
        ...blankValues(attendeeModel),
        event_id: event.id,
        partner_id: partner,
        state: place === 0 ? "accepted" : (ANSWERS[(index + place) % ANSWERS.length] ?? "needsAction"),
        ...created,
      });
    }
  }
}

function timesOf(meeting: SeedMeeting): Values {
  const first = meeting.start * 1000;
  const end = meeting.end * 1000;
  const start = meeting.allDay ? first + 8 * HOUR : first;
  const stop = meeting.allDay ? end - DAY + 18 * HOUR : end;
  return {
    start,
    stop,
    allday: meeting.allDay,
    start_date: meeting.allDay ? dateOf(start) : null,
    stop_date: meeting.allDay ? dateOf(stop) : null,
    duration: Math.round(((stop - start) / HOUR) * 100) / 100,
  };
}
