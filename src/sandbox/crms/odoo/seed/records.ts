import type { Seed, SeedLead, SeedMeeting } from "../../../kit/seed.js";
import type { Database } from "../database.js";
import type { Values } from "../data.js";
import { dateOf, HOUR, type Micros } from "../date-times.js";
import { htmlOfText } from "../html.js";
import { blankValues } from "../model.js";
import { attendeeModel, eventModel } from "../models/event.js";
import { leadModel } from "../models/lead.js";
import { ownerPartner, ownerUid, STAGES } from "./base-data.js";
import { addressOf, nameOf, personPartner, stamps } from "./people.js";

const PRIORITY = { hot: "3", warm: "2", cold: "1" } as const;
const TAGS = 3;

/** Adds leads, and opportunities for the converted leads. */
export function seedLeads(database: Database, seed: Seed): void {
  const blank = blankValues(leadModel);
  const sources = new Map<string, number>();
  for (const lead of seed.leads) {
    if (lead.source === null || sources.has(lead.source)) continue;
    sources.set(lead.source, database.insert("utm.source", { name: lead.source }).id);
  }
  for (const [index, lead] of seed.leads.entries()) {
    const person = seed.people[lead.person];
    if (person === undefined) continue;
    database.insert("crm.lead", {
      ...blank,
      name: lead.subject,
      contact_name: nameOf(person),
      partner_name: person.company,
      email_from: person.emails[0] ?? null,
      phone: person.phone,
      mobile: person.mobile,
      function: person.title,
      ...addressOf(person, database),
      website: person.website,
      source_id: lead.source === null ? null : (sources.get(lead.source) ?? null),
      user_id: ownerUid(lead.owner),
      priority: lead.rating === null ? "0" : PRIORITY[lead.rating],
      expected_revenue: lead.value,
      description: lead.description === null ? null : htmlOfText(lead.description),
      tag_ids: index % 4 === 0 ? [1 + (index % TAGS)] : [],
      x_crmesh_score: index % 100,
      ...standing(lead, personPartner(seed, lead.person)),
      ...stamps(lead.createdAt, lead.updatedAt, index),
    });
  }
}

/** Makes the values for the status of a lead. A lost lead is archived, and so normal lists omit it. */
function standing(lead: SeedLead, partner: number): Values {
  const updated = lead.updatedAt * 1000;
  switch (lead.status) {
    case "new":
      return { stage_id: stage("New"), probability: 10 };
    case "working":
      return { stage_id: stage("Proposition"), probability: 40 };
    case "qualified":
      return { stage_id: stage("Qualified"), probability: 25 };
    case "unqualified":
      return { stage_id: stage("New"), probability: 0, active: false, lost_reason_id: 1, date_closed: updated };
    case "converted": {
      const converted = { type: "opportunity", partner_id: partner, date_conversion: updated };
      if (lead.rating !== "hot") return { ...converted, stage_id: stage("Qualified"), probability: 50 };
      return { ...converted, stage_id: stage("Won"), probability: 100, date_closed: updated };
    }
  }
}

function stage(name: (typeof STAGES)[number]): number {
  return STAGES.indexOf(name) + 1;
}

const DAY: Micros = 24 * HOUR;
const ANSWERS = ["accepted", "needsAction", "tentative", "declined"] as const;

/** Adds meetings with their attendees. The organizer attends every meeting. */
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
