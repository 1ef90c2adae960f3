import { FieldProblem, type FieldEntry, type FieldMap, type NativeRecord } from "../../contract/field-map.js";
import { needed } from "../../mapping/members.js";
import { nearestDay } from "../../mapping/all-day.js";
import type { MeetingStatus } from "../../contract/model.js";
import { containsWords, since, timeFilters, until, type Condition } from "./query.js";
import { customFieldRule } from "./definitions.js";
import { dialect, items, kit, PROVIDER_NAME, readText, recordFields, webHost } from "./dialect.js";
import { attendeeOf, participantsIn } from "./meeting-people.js";

const TIMES = ["startsAt", "endsAt", "isFullDay"];

/** Twenty's text in place of those of a calendar whose owner shares only its times. */
const RESTRICTED = "FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED";

function shared(native: string): FieldEntry<string | null> {
  const text = kit.text(native);
  return {
    ...text,
    read: (record, context) => (record[native] === RESTRICTED ? null : text.read(record, context)),
    note: "Null if the owner of the calendar shares only its times.",
  };
}

const LINK = "conferenceLink";
const LINK_URL = `${LINK}.primaryLinkUrl`;

/** Recent versions remove the label and the further links of a link of which only the URL is written. */
const videoUrl: FieldEntry<string | null> = {
  ...kit.text(LINK_URL),
  write: {
    native: [LINK_URL],
    toNative(url: string | null) {
      if (url !== null && url.trim() !== "" && webHost(url) === null)
        throw new FieldProblem("Expected the address of a web page, such as https://meet.example.com/abc.");
      return { [LINK_URL]: url ?? "" };
    },
    stored: {
      isNeeded: (url: string | null) => url !== null && url.trim() !== "",
      toNative: (_url: string, current) => ({
        [`${LINK}.primaryLinkLabel`]: readText(current[`${LINK}.primaryLinkLabel`]) ?? "",
        [`${LINK}.secondaryLinks`]: items(current, `${LINK}.secondaryLinks`),
      }),
    },
  },
  note: "The address of a web page. Null also removes the further links of a meeting.",
};

/** Calendar events. Source: packages/twenty-server/src/modules/calendar of twentyhq/twenty; recorded as of May 2025. */
export const meetingMap: FieldMap<"meeting", Condition> = {
  resource: "meeting",
  providerName: PROVIDER_NAME,
  nativeName: "calendarEvents",
  identity: ["id"],
  fields: {
    title: shared("title"),
    description: shared("description"),
    startAt: { reads: TIMES, read: (native) => needed(instant(native, "startsAt"), "startsAt", "a date-time") },
    endAt: { reads: TIMES, read: (native) => instant(native, "endsAt") },
    isAllDay: { reads: TIMES, read: ({ isFullDay }) => isFullDay === true },
    location: kit.text("location"),
    videoUrl,
    status: {
      reads: ["isCanceled"],
      read: ({ isCanceled }) => (isCanceled === true ? "CANCELLED" : "SCHEDULED"),
      write: { native: ["isCanceled"], toNative: writeStatus },
      note: "Twenty stores only whether a meeting is cancelled.",
    },
    organizer: {
      reads: ["$participants"],
      read(native) {
        const member = participantsIn(native).find((one) => one["isOrganizer"] === true)?.["workspaceMemberId"];
        return readText(member) === null ? null : { id: String(member) };
      },
    },
    attendees: { reads: ["$participants"], read: (native) => participantsIn(native).map(attendeeOf) },
    ...recordFields("calendarEvent"),
  },
  inputs: {
    contactIds: {
      native: ["calendarEventParticipants"],
      // Participants are separate records, which are written after the event.
      toNative(ids: string[] | null) {
        for (const [index, id] of (ids ?? []).entries()) kit.assertId(id, String(index));
        return {};
      },
    },
  },
  composites: [
    kit.times({
      native: TIMES,
      write: ({ startAt, endAt, isAllDay }) => ({ startsAt: startAt, endsAt: endAt, isFullDay: isAllDay }),
    }),
  ],
  required: ["startAt"],
  edges: {
    contacts: {
      reads: ["$participants"],
      read: (native) => [...new Set(participantsIn(native).flatMap(({ personId }) => readText(personId) ?? []))],
    },
  },
  filters: {
    ...timeFilters,
    name: (value) => containsWords(["title"], value),
    search: (value) => containsWords(["title", "description", "location"], value),
    startsSince: (value) => since("startsAt", value),
    startsUntil: (value) => until("startsAt", value),
  },
  orders: { CREATED_AT: "createdAt", UPDATED_AT: "updatedAt", STARTS_AT: "startsAt" },
  custom: customFieldRule,
};

/** A server in another time zone stores the UTC midnights of an all-day event some hours off. */
function instant(native: NativeRecord, name: string): string | null {
  const text = dialect.readDateTime(native[name]);
  if (text === null || native["isFullDay"] !== true) return text;
  return nearestDay(new Date(text)).toISOString();
}

function writeStatus(status: MeetingStatus | null): NativeRecord {
  if (status === null || status === "SCHEDULED") return { isCanceled: false };
  if (status === "CANCELLED") return { isCanceled: true };
  throw new FieldProblem("Twenty does not have this status. Use one of: SCHEDULED, CANCELLED.");
}
