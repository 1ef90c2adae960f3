import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { MeetingStatus } from "../../contract/model.js";
import { addDays, dateOf, dayFrom } from "../../mapping/all-day.js";
import { needed } from "../../mapping/members.js";
import type { ChoiceTable } from "../../mapping/choice-table.js";
import { base, kit, linkTo, readDateTime, recordFields, writeDateTime } from "./dialect.js";
import { attendees, linked } from "./meeting-people.js";
import { allOf, anyOf, by, contains, RECORD_ORDERS, recordFilters, since, until } from "./query.js";

const STATUSES: ChoiceTable<MeetingStatus> = { Planned: "SCHEDULED", Held: "COMPLETED", "Not Held": "CANCELLED" };

/** An all-day meeting has its first and last day in the second attribute, in addition to its times. */
const START = ["dateStart", "dateStartDate"];
const END = ["dateEnd", "dateEndDate"];

function endOf({ dateEnd, dateEndDate }: NativeRecord): string | null {
  const lastDay = readDateTime(dateEndDate);
  return lastDay === null ? readDateTime(dateEnd) : addDays(new Date(lastDay), 1).toISOString();
}

const starts = (bound: typeof since) => (at: Date) => {
  const timed = bound("dateStart", at);
  const isTimed = { type: "isNull", attribute: "dateStartDate" };
  return anyOf(allOf(isTimed, timed), by(timed.type, "dateStartDate")(dateOf(dayFrom(at))));
};

/** Sources: entityDefs/Meeting of espocrm/espocrm, and responses of EspoCRM 8.4.2. */
export const meetingMap: FieldMap<"meeting"> = {
  ...base,
  resource: "meeting",
  nativeName: "Meeting",
  fields: {
    ...recordFields("Meeting"),
    title: kit.text("name"),
    startAt: {
      reads: START,
      read: ({ dateStart, dateStartDate: day }) =>
        needed(readDateTime(kit.readText(day) ?? dateStart), "dateStart", "a date-time"),
    },
    endAt: { reads: END, read: endOf },
    isAllDay: { reads: ["dateStartDate"], read: ({ dateStartDate }) => kit.readText(dateStartDate) !== null },
    videoUrl: { ...kit.readOnlyText("joinUrl"), note: "Written only by EspoCRM's integrations." },
    status: kit.choice("status", STATUSES),
    rawStatus: kit.readOnlyText("status"),
    organizer: linkTo("assignedUser"),
    attendees,
  },
  inputs: {
    ownerId: kit.requiredOwner("assignedUserId"),
    contactIds: kit.references("contactsIds"),
    leadIds: kit.references("leadsIds"),
  },
  composites: [
    kit.choiceInput("status", "rawStatus", "status", STATUSES),
    kit.times({
      native: [...START, ...END, "isAllDay"],
      needsEnd: true,
      write({ startAt, endAt, isAllDay }) {
        if (isAllDay) return { isAllDay, dateStartDate: dateOf(startAt), dateEndDate: dateOf(addDays(endAt!, -1)) };
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
    startsSince: starts(since),
    startsUntil: starts(until),
  },
  orders: { ...RECORD_ORDERS, STARTS_AT: "dateStart" },
};
