import { FieldProblem, type FieldMap } from "../../contract/field-map.js";
import type { MeetingStatus } from "../../contract/model.js";
import { timesInput } from "../../mapping/meeting-times.js";
import { base, kit, linkTo, PROVIDER_NAME, readDateTime, recordFields, writeDateTime } from "./dialect.js";
import { attendees, linked, linkInput } from "./meeting-people.js";
import { allOf, anyOf, by, contains, RECORD_ORDERS, recordFilters, since, until, type Where } from "./query.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const STATUSES: readonly (readonly [MeetingStatus, string])[] = [
  ["SCHEDULED", "Planned"],
  ["COMPLETED", "Held"],
  ["CANCELLED", "Not Held"],
];

/** A meeting of whole days has the first and the last of them beside its times. */
const START = ["dateStart", "dateStartDate"];
const END = ["dateEnd", "dateEndDate"];
const writeDay = (time: number) => new Date(time).toISOString().slice(0, 10);
const readDay = (value: unknown, days = 0) => {
  const day = readDateTime(value);
  return day && new Date(Date.parse(day) + days * DAY_MS).toISOString();
};

function startsAt(timed: (value: Date) => Where) {
  return (value: Date): Where => {
    const day = writeDay(Math.ceil(value.getTime() / DAY_MS) * DAY_MS);
    const isTimed = { type: "isNull", attribute: "dateStartDate" };
    return anyOf(allOf(isTimed, timed(value)), by(timed(value).type, "dateStartDate")(day));
  };
}

/** Source: entityDefs/Meeting of espocrm/espocrm; the answers of an EspoCRM 8.4.2. */
export const meetingMap: FieldMap<"meeting"> = {
  ...base,
  resource: "meeting",
  nativeName: "Meeting",
  fields: {
    ...recordFields("Meeting"),
    title: kit.text("name"),
    startAt: { reads: START, read: ({ dateStart, dateStartDate: day }) => (readDay(day) ?? readDateTime(dateStart))! },
    endAt: { reads: END, read: ({ dateEnd, dateEndDate: day }) => readDay(day, 1) ?? readDateTime(dateEnd) },
    isAllDay: { reads: ["dateStartDate"], read: ({ dateStartDate }) => kit.readText(dateStartDate) !== null },
    videoUrl: { ...kit.readOnlyText("joinUrl"), note: "Written only by EspoCRM's integrations." },
    status: kit.choice("status", STATUSES, "OTHER"),
    rawStatus: kit.readOnlyText("status"),
    organizer: linkTo("assignedUser"),
    attendees,
  },
  inputs: {
    ownerId: {
      native: ["assignedUserId"],
      toNative(assignedUserId: string | null) {
        if (!assignedUserId) throw new FieldProblem("EspoCRM needs an assigned user for every meeting. Give ownerId.");
        return { assignedUserId };
      },
    },
    contactIds: linkInput("contactsIds"),
    leadIds: linkInput("leadsIds"),
  },
  composites: [
    kit.choiceInput("status", "rawStatus", "status", STATUSES),
    timesInput({
      providerName: PROVIDER_NAME,
      native: [...START, ...END, "isAllDay"],
      allDay: true,
      needsEnd: true,
      write({ startAt, endAt, isAllDay }) {
        const [start, end] = [startAt.getTime(), endAt!.getTime()];
        if (isAllDay) return { isAllDay, dateStartDate: writeDay(start), dateEndDate: writeDay(end - DAY_MS) };
        const times = { dateStart: writeDateTime(startAt), dateEnd: writeDateTime(endAt!) };
        return { isAllDay, ...times, dateStartDate: null, dateEndDate: null };
      },
    }),
  ],
  required: ["title", "startAt", "endAt"],
  edges: { contacts: linked("contacts", "Contact"), leads: linked("leads", "Lead") },
  filters: {
    ...recordFilters,
    search: contains("name", "description"),
    startsSince: startsAt(since("dateStart")),
    startsUntil: startsAt(until("dateStart")),
  },
  orders: { ...RECORD_ORDERS, STARTS_AT: "dateStart" },
};
