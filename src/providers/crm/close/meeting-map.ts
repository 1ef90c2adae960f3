import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { MeetingStatus } from "../../contract/model.js";
import { attendeeReader } from "../../mapping/attendee.js";
import { needed } from "../../mapping/members.js";
import type { ChoiceTable } from "../../mapping/choice-table.js";
import { base, kit, leadEdge, listIn, readDateTime, readText, stamps } from "./dialect.js";

/** A declined meeting is not cancelled. It reads as OTHER, with `rawStatus`. */
const STATUSES: ChoiceTable<MeetingStatus> = {
  upcoming: "SCHEDULED",
  "in-progress": "SCHEDULED",
  completed: "COMPLETED",
  canceled: "CANCELLED",
};

const attendeeOf = attendeeReader(
  {
    name: "name",
    email: "email",
    contactId: "contact_id",
    ownerId: "user_id",
    isOrganizer: "is_organizer",
    response: "status",
  },
  { noreply: "NEEDS_ACTION", yes: "ACCEPTED", no: "DECLINED", maybe: "TENTATIVE" },
);

/** The only writable field. All other fields of a meeting come from the calendar. */
const notes = kit.html("user_note_html");

/** Contacts of the meeting’s lead who attend it. */
export function contactIdsOf(native: NativeRecord): string[] {
  const ids = [native, ...listIn(native, "attendees")].map((one) => readText(one["contact_id"]));
  return [...new Set(ids.filter((id) => id !== null))];
}

/** Meetings, which Close reads from calendars. Source: developer.close.com, "Meetings". */
export const meetingMap: FieldMap<"meeting", Record<string, string>> = {
  ...base,
  resource: "meeting",
  nativeName: "activity.meeting",
  fields: {
    title: kit.readOnlyText("title"),
    description: kit.readOnlyText("note"),
    internalNotes: {
      ...notes,
      reads: ["user_note_html", "user_note"],
      read: (native, context) => notes.read(native, context) ?? readText(native["user_note"]),
    },
    startAt: {
      reads: ["starts_at", "activity_at"],
      read: ({ starts_at: start, activity_at: place, date_created: created }) =>
        needed(readDateTime(start) ?? readDateTime(place) ?? readDateTime(created), "starts_at", "a date-time"),
    },
    endAt: kit.readOnlyDateTime("ends_at"),
    isAllDay: { reads: [], read: () => false, note: "Close cancels a meeting that becomes all-day." },
    location: kit.readOnlyText("location"),
    videoUrl: {
      reads: ["conference_links"],
      read: (native) => readText(listIn(native, "conference_links")[0]?.["url"]),
    },
    status: kit.choice("status", STATUSES),
    rawStatus: kit.readOnlyText("status"),
    organizer: {
      reads: ["attendees"],
      read(native) {
        const organizer = listIn(native, "attendees")
          .map(attendeeOf)
          .find((attendee) => attendee.isOrganizer && attendee.ownerId !== null);
        return organizer ? { id: organizer.ownerId!, name: organizer.name, email: organizer.email } : null;
      },
      note: "The organizer, if a user of Close.",
    },
    attendees: { reads: ["attendees"], read: (native) => listIn(native, "attendees").map(attendeeOf) },
    owner: {
      reads: ["user_id", "user_name"],
      read({ user_id: id, user_name: name }) {
        if (readText(id) === null) return null;
        return readText(name) === null ? { id: String(id) } : { id: String(id), name: String(name) };
      },
    },
    ...stamps,
  },
  required: [],
  edges: { contacts: { reads: ["contact_id", "attendees"], read: contactIdsOf }, leads: leadEdge },
  // Parameters of the list. Its other parameters work within a single lead only.
  filters: {
    createdSince: (value) => ({ date_created__gte: value.toISOString() }),
    createdUntil: (value) => ({ date_created__lt: value.toISOString() }),
  },
  orders: { CREATED_AT: "date_created" },
};
