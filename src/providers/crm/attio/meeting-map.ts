import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { Attendee, Owner } from "../../contract/model.js";
import { membersOf, objectsIn } from "../../kit/answer.js";
import { dateOf } from "../../mapping/all-day.js";
import { responseOf } from "../../mapping/attendee.js";
import { needed } from "../../mapping/members.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";
import { isId } from "./answers.js";
import { instant, lowered, PROVIDER_NAME } from "./dialect.js";
import { meetingFilters } from "./query.js";

/** An empty text clears a text of a meeting, because Attio refuses null. */
const kit = fieldKit(jsonDialect(PROVIDER_NAME, { cleared: "", isId }));

export function linkedPeople({ linked_records: links }: NativeRecord): string[] {
  return objectsIn(links).flatMap(({ object_slug: slug, record_id: id }) => (slug === "people" ? [String(id)] : []));
}

function memberOf({ $members: members }: NativeRecord, participant: NativeRecord | undefined): Owner | null {
  const email = lowered(participant?.["email_address"]);
  return (members as Owner[]).find((member) => email !== null && lowered(member.email) === email) ?? null;
}

function attendeeOf(meeting: NativeRecord, participant: NativeRecord): Attendee {
  const { name, email_address: email, is_organizer: isOrganizer, status } = participant;
  const people = meeting["$people"] as ReadonlyMap<unknown, string>;
  const contactId = linkedPeople(meeting).find((id) => id === people.get(lowered(email))) ?? null;
  const ownerId = memberOf(meeting, participant)?.id ?? null;
  return {
    // The name of a contact or a member is read from that record. Only new participants have a name of their own.
    ...(contactId === null && ownerId === null && { name: readText(name) }),
    email: readText(email),
    contactId,
    ownerId,
    isOrganizer: isOrganizer === true,
    response: responseOf(status, { pending: "NEEDS_ACTION" }),
  };
}

const times = kit.times({
  native: ["start", "end", "is_all_day"],
  needsEnd: true,
  write({ startAt, endAt, isAllDay }) {
    const time = (at: Date) => (isAllDay ? { date: dateOf(at) } : { datetime: at.toISOString() });
    return { is_all_day: isAllDay, start: time(startAt), end: time(endAt!) };
  },
});

/** Source: docs.attio.com, REST API, "Meetings" (beta). Meetings have no location, no video URL and no status. */
export const meetingMap: FieldMap<"meeting"> = {
  resource: "meeting",
  providerName: PROVIDER_NAME,
  nativeName: "meetings",
  identity: ["id"],
  fields: {
    title: kit.text("title"),
    description: kit.text("description"),
    startAt: {
      reads: ["start"],
      read: (meeting) => needed(instant(meeting, "start"), "start", "a date or a datetime"),
    },
    endAt: { reads: ["end"], read: (meeting) => instant(meeting, "end") },
    timeZone: { reads: ["start"], read: ({ start }) => readText(membersOf(start)["timezone"]) },
    isAllDay: kit.flag("is_all_day"),
    organizer: {
      reads: ["participants", "$members"],
      read: (meeting) =>
        memberOf(
          meeting,
          objectsIn(meeting["participants"]).find((one) => one["is_organizer"] === true),
        ),
      note: "The organizing participant, if a member of the workspace.",
    },
    attendees: {
      reads: ["participants", "linked_records", "$people", "$members"],
      read: (meeting) => objectsIn(meeting["participants"]).map((participant) => attendeeOf(meeting, participant)),
    },
    createdAt: kit.readOnlyDateTime("created_at"),
  },
  inputs: {
    contactIds: kit.references("linked_records", (ids) =>
      [...new Set(ids)].map((id) => ({ object: "people", record_id: id })),
    ),
  },
  composites: [times],
  required: ["title", "startAt", "endAt"],
  createOnly: ["title", "description", "startAt", "endAt", "isAllDay"],
  edges: { contacts: { reads: ["linked_records"], read: linkedPeople } },
  filters: meetingFilters,
  orders: { STARTS_AT: "start" },
};
