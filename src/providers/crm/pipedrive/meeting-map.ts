import { FieldProblem, type FieldEntry, type FieldMap, type NativeRecord } from "../../contract/field-map.js";
import type { Attendee, MeetingStatus } from "../../contract/model.js";
import { dateOf, DAY_MS, dayAt, dayIn, daysIn } from "../../mapping/all-day.js";
import { attendeeReader, responseOf } from "../../mapping/attendee.js";
import { id, list, nullable, optional, record } from "../../../upstream/decode.js";
import { memberAt, needed, objectAt, objectsAt } from "../../mapping/members.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import type { MeetingTimes } from "../../mapping/meeting-times.js";
import { base, kit, numberOf, ownerInput, PROVIDER_NAME, recordFields, STAMP_ORDERS } from "./dialect.js";
import { passesOwner, passesSince, passesUntil, type Condition } from "./query.js";

const DAY_S = DAY_MS / 1000;
const TIMES = ["due_date", "due_time", "duration"];
const attendeeOf = attendeeReader({
  name: "name",
  email: "email",
  contactId: "person_id",
  ownerId: "user_id",
  isOrganizer: "is_organizer",
  response: "status",
});

/** Activities of the meeting types, API v2. Source: developers.pipedrive.com, "Activities". */
export const meetingMap: FieldMap<"meeting", Condition> = {
  ...base,
  resource: "meeting",
  nativeName: "activities",
  fields: {
    title: { ...kit.readOnlyText("subject"), write: kit.input<string>("subject", subject) },
    description: kit.text("public_description"),
    internalNotes: kit.html("note"),
    startAt: { reads: TIMES, read: (native) => timesOf(native).startAt.toISOString() },
    endAt: { reads: TIMES, read: (native) => timesOf(native).endAt?.toISOString() ?? null },
    isAllDay: {
      reads: TIMES,
      read: (native) => timesOf(native).isAllDay,
      note: "True if the activity has no time of day.",
    },
    location: {
      reads: ["location"],
      read: (native) => kit.readText(objectAt(native, "location")["value"]),
      write: kit.input<string>("location", (value) => (value === null ? null : { value })),
    },
    videoUrl: kit.readOnlyText("conference_meeting_url"),
    status: status(),
    organizer: {
      reads: ["attendees"],
      read(native) {
        const id = kit.readText(guests(native).find((guest) => guest["is_organizer"] === true)?.["user_id"]);
        return id === null ? null : { id };
      },
    },
    attendees: {
      reads: ["attendees", "participants"],
      read: attendeesIn,
      note: "The participants, and the guests of the calendar. What a guest has answered is that of the participant of the same person.",
    },
    ...recordFields,
  },
  inputs: {
    ownerId: ownerInput,
    contactIds: kit.references("participants", (ids) =>
      ids.map((id, index) => ({ person_id: numberOf(id), primary: index === 0 })),
    ),
    leadIds: kit.input<string[]>("lead_id", (ids) => {
      if (ids && ids.length > 1)
        throw new FieldProblem(`${PROVIDER_NAME} links an activity to at most one lead. Remove the others.`, "1");
      return ids?.[0] ?? null;
    }),
  },
  composites: [kit.times({ native: TIMES, write: writeTimes })],
  required: ["startAt"],
  edges: {
    contacts: { reads: ["participants"], read: participants },
    leads: kit.edgeById("lead_id"),
  },
  filters: {
    ownerId: passesOwner,
    updatedSince: passesSince,
    updatedUntil: passesUntil,
  },
  orders: STAMP_ORDERS,
  attendeesAreContacts: true,
};

function subject(text: string | null): string {
  if (text === null) throw new FieldProblem(`${PROVIDER_NAME} needs a subject for every activity. Give title.`);
  return text;
}

function status(): FieldEntry<MeetingStatus | null> {
  return {
    reads: ["done"],
    read: ({ done }) => (typeof done === "boolean" ? (done ? "COMPLETED" : "SCHEDULED") : null),
    write: kit.input<MeetingStatus>("done", (value) => {
      if (value === null || value === "SCHEDULED" || value === "COMPLETED") return value === "COMPLETED";
      throw new FieldProblem(`${PROVIDER_NAME} has only the statuses SCHEDULED and COMPLETED.`);
    }),
  };
}

/** Date, time and duration are separate texts, all in UTC. */
function timesOf({ due_date: date, due_time: time, duration }: NativeRecord): MeetingTimes {
  const [sinceMidnight, lasts] = [secondsIn(time), secondsIn(duration) ?? 0];
  const isAllDay = sinceMidnight === null;
  const day = needed(readDateTime(date), "due_date", "a date");
  const start = dayIn(day).getTime() + (sinceMidnight ?? 0) * 1000;
  const lengthMs = isAllDay ? daysIn(lasts * 1000) * DAY_MS : lasts * 1000;
  return { startAt: new Date(start), endAt: lengthMs > 0 ? new Date(start + lengthMs) : null, isAllDay };
}

/** HH:MM or HH:MM:SS; a duration may have more hours than a day. */
function secondsIn(text: unknown): number | null {
  const [, hours, minutes, seconds = 0] = /^(\d+):(\d{2})(?::(\d{2}))?/.exec(String(text)) ?? [];
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function writeTimes({ startAt, endAt, isAllDay }: MeetingTimes): NativeRecord {
  const start = Math.floor(startAt.getTime() / 1000);
  const lasts = endAt === null ? null : Math.floor(endAt.getTime() / 1000) - start;
  return {
    due_date: dateOf(startAt),
    due_time: isAllDay ? null : clock(start - dayAt(startAt).getTime() / 1000),
    duration: lasts === null || (isAllDay && lasts === DAY_S) ? null : clock(lasts),
  };
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .slice(0, seconds % 60 === 0 ? 2 : 3)
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

const members = optional(nullable(list(record({ person_id: id }))));

function participants(native: NativeRecord): string[] {
  return (memberAt(native, "participants", members) ?? []).map((one) => String(one.person_id));
}

/**
 * The guests who are no people of the account, and the participants. A participant’s reply stands beside the person, or among
 * the guests. The name and the addresses are those of the contact.
 */
function attendeesIn(native: NativeRecord): Attendee[] {
  const people = memberAt(native, "participants", members) ?? [];
  const ids = new Set(participants(native));
  const others = guests(native).map(attendeeOf);
  return [
    ...others.filter(({ contactId }) => contactId === null || !ids.has(contactId)),
    ...people.map((own) => {
      const contactId = String(own.person_id);
      const guest = others.find((other) => other.contactId === contactId);
      const isOrganizer = own["is_organizer"] === true || guest?.isOrganizer === true;
      const response = responseOf(own["status"]) ?? guest?.response ?? null;
      return { contactId, ownerId: null, isOrganizer, response };
    }),
  ];
}

function guests(native: NativeRecord): NativeRecord[] {
  return objectsAt(native, "attendees");
}
