import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CloseAccount } from "./account.js";
import { badRequestAsAWhole } from "./errors.js";
import { accountOf } from "./request.js";
import type { Attendee, ContactRow, MeetingRow } from "./rows.js";
import { meetingView } from "./views.js";

/** The parts of a calendar event that Close copies. */
const calendarEvent = z.object({
  title: z.string(),
  starts_at: z.iso.datetime({ offset: true }),
  ends_at: z.iso.datetime({ offset: true }),
  note: z.string().nullish(),
  location: z.string().nullish(),
  conference_url: z.string().nullish(),
  status: z.string().default("upcoming"),
  attendees: z.array(
    z.object({
      email: z.string(),
      name: z.string().nullish(),
      status: z.enum(["noreply", "yes", "no", "maybe"]).default("noreply"),
    }),
  ),
});

/**
 * Adds a route that is not part of Close's API. It imitates the calendar of a user, because the API cannot create
 * meetings. Close adds an event to every lead that has one of the attendees as a contact, and ignores an event without
 * such a lead.
 */
export function addCalendarSync(app: FastifyInstance): void {
  app.post("/__sandbox/calendar-sync/", (request) => {
    const event = calendarEvent.safeParse(request.body);
    if (!event.success) throw badRequestAsAWhole(event.error.issues[0]!.message);
    const account = accountOf(request);
    return { data: sync(account, event.data).map((meeting) => meetingView(account, meeting)) };
  });
}

function sync(account: CloseAccount, event: z.output<typeof calendarEvent>): MeetingRow[] {
  const byEmail = new Map<string, ContactRow>();
  for (const contact of account.contacts.all()) {
    for (const { email } of contact.emails) byEmail.set(email.toLowerCase(), contact);
  }
  const known = event.attendees.flatMap(({ email }) => byEmail.get(email.toLowerCase()) ?? []);
  return [...new Set(known.map(({ leadId }) => leadId))].map((leadId) => {
    const attendees = event.attendees.map(({ email, name = null, status }): Attendee => {
      const contact = byEmail.get(email.toLowerCase());
      const user = account.users.find((one) => one.email === email);
      return {
        name,
        email,
        status,
        contact_id: contact?.leadId === leadId ? contact.id : null,
        user_id: user?.id ?? null,
        is_organizer: user !== undefined,
      };
    });
    const moment = account.moment();
    const row: MeetingRow = {
      id: account.newId("acti"),
      leadId,
      contactId: known.find((contact) => contact.leadId === leadId)!.id,
      userId: attendees.find((attendee) => attendee.user_id !== null)?.user_id ?? account.users[0]!.id,
      title: event.title,
      note: event.note ?? null,
      userNoteHtml: null,
      outcomeId: null,
      location: event.location ?? null,
      conferenceUrl: event.conference_url ?? null,
      startsAt: Date.parse(event.starts_at),
      endsAt: Date.parse(event.ends_at),
      status: event.status,
      attendees,
      created: moment,
      updated: moment,
    };
    account.meetings.set(row.id, row);
    return row;
  });
}
