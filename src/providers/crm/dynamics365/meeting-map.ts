import type { FieldEntry, FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { MeetingStatus } from "../../contract/model.js";
import { addDays, DAY_MS, dayFrom, nearestDay } from "../../mapping/all-day.js";
import { htmlToText, textToHtml } from "../../mapping/html-text.js";
import { needed } from "../../mapping/members.js";
import { readDateTime, readText } from "../../mapping/json-dialect.js";
import { base, kit, label, ownerInput, recordFields, statusInput, type StatusTable } from "./dialect.js";
import { attendees, organizer, PARTIES, people } from "./meeting-people.js";
import { containsWords, sharedFilters, STAMP_ORDERS, type Filter } from "./query.js";

/** The states Open and Scheduled mean the same. The environment decides which of them a new meeting has. */
const STATUSES: StatusTable<MeetingStatus> = [
  ["SCHEDULED", 3, 5],
  ["COMPLETED", 1, 3],
  ["CANCELLED", 2, 4],
];
const OF_STATE: readonly MeetingStatus[] = ["SCHEDULED", "COMPLETED", "CANCELLED", "SCHEDULED"];

const isAllDay = (native: NativeRecord) => native["isalldayevent"] === true;

const instantOf = (native: NativeRecord) => needed(readDateTime(native["scheduledstart"]), "scheduledstart", "a time");

/**
 * An all-day meeting begins at midnight in the time zone of its user, which the record does not say. The nearest UTC
 * midnight is right from 12 hours behind UTC to 12 hours ahead of it.
 */
function startOf(native: NativeRecord): string {
  const start = instantOf(native);
  return isAllDay(native) ? nearestDay(new Date(start)).toISOString() : start;
}

/** The number of days is rounded because a day on which the clocks change does not have 24 hours. */
function endOf(native: NativeRecord): string | null {
  const end = readDateTime(native["scheduledend"]);
  if (end === null || !isAllDay(native)) return end;
  const lengthMs = Date.parse(end) - Date.parse(instantOf(native));
  return addDays(new Date(startOf(native)), Math.max(1, Math.round(lengthMs / DAY_MS))).toISOString();
}

/** Compares the start as `startOf` reads it. */
function starts(operator: "ge" | "lt") {
  return (time: Date) => {
    const day = addDays(dayFrom(time), -0.5);
    const at = (allDay: string, instant: Date) =>
      `(isalldayevent ${allDay} true and scheduledstart ${operator} ${instant.toISOString()})`;
    return `${at("ne", time)} or ${at("eq", day)}`;
  };
}

/** The app stores HTML, and other clients store plain text. A text that looks like HTML is therefore written as HTML. */
const looksLikeHtml = (text: string) => /<[a-z!/][^<]*>/i.test(text);
const description: FieldEntry<string | null> = {
  reads: ["description"],
  read(native) {
    const text = readText(native["description"]);
    return text !== null && looksLikeHtml(text) ? htmlToText(text) : text;
  },
  write: kit.input("description", (text: string | null) =>
    text && looksLikeHtml(text) ? `<p>${textToHtml(text)}</p>` : text,
  ),
};

/** Appointments. Source: learn.microsoft.com, Dataverse table reference, "Appointment". */
export const meetingMap: FieldMap<"meeting", Filter> = {
  ...base,
  resource: "meeting",
  nativeName: "appointment",
  identity: ["activityid"],
  fields: {
    title: kit.text("subject"),
    description,
    startAt: { reads: ["scheduledstart", "isalldayevent"], read: startOf },
    endAt: { reads: ["scheduledstart", "scheduledend", "isalldayevent"], read: endOf },
    isAllDay: kit.flag("isalldayevent"),
    location: kit.text("location"),
    status: { reads: ["statecode"], read: ({ statecode }) => OF_STATE[Number(statecode)] ?? "OTHER" },
    rawStatus: label("statuscode"),
    organizer,
    attendees,
    ...recordFields("appointment", "activityid"),
  },
  inputs: { ownerId: ownerInput },
  composites: [
    kit.times({
      native: ["scheduledstart", "scheduledend", "isalldayevent"],
      needsEnd: true,
      write: (times) => ({
        scheduledstart: times.startAt.toISOString(),
        scheduledend: times.endAt?.toISOString() ?? null,
        isalldayevent: times.isAllDay,
      }),
    }),
    statusInput(STATUSES),
    // The written value depends on the stored people: see `writtenPeople`.
    { inputs: ["contactIds", "leadIds"], native: [PARTIES], toNative: () => ({}) },
  ],
  required: ["startAt", "endAt"],
  edges: { contacts: people("contact"), leads: people("lead") },
  filters: {
    ...sharedFilters,
    name: containsWords(["subject"]),
    search: containsWords(["subject", "location"]),
    startsSince: starts("ge"),
    startsUntil: starts("lt"),
  },
  orders: { ...STAMP_ORDERS, STARTS_AT: "scheduledstart" },
};
