import { overColumns } from "../../contract/columns.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import { Sifted } from "../../kit/sifted.js";
import { addDays, dayIn } from "../../mapping/all-day.js";
import { needed } from "../../mapping/members.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { base, kit, ownerInput, recordFields, STAMP_ORDERS } from "./dialect.js";
import { attendeesOf, contactsOf, leadsOf, PEOPLE } from "./meeting-people.js";
import { contains, dateTime, sharedFilters, type Condition, type Filter } from "./query.js";

const TIMES = ["All_day", "Start_DateTime", "End_DateTime"];
const shared = recordFields("Events");

const isAllDay = (native: NativeRecord) => native["All_day"] === true;

/** The date-times of an all-day meeting are in the zone of the user, and only their dates count. */
function startOf(native: NativeRecord): string {
  const start = native["Start_DateTime"];
  const time = needed(readDateTime(start), "Start_DateTime", "a time");
  return isAllDay(native) ? dayIn(String(start)).toISOString() : time;
}

/** Zoho ends an all-day meeting within its last day. The unified end is the day after. */
function endOf(native: NativeRecord): string | null {
  const end = kit.readText(native["End_DateTime"]);
  if (!isAllDay(native) || end === null) return readDateTime(end);
  return needed(readDateTime(end), "End_DateTime", "a time") && addDays(dayIn(end), 1).toISOString();
}

/** An all-day meeting begins up to half a day before or after UTC's midnight, so each record is checked once more. */
function starts(sign: ">=" | "<", bound: Date): Condition {
  return new Sifted(
    { where: `Start_DateTime ${sign} ${dateTime(addDays(bound, sign === ">=" ? -1 : 1))}` },
    (native) => Date.parse(startOf(native)) >= bound.getTime() === (sign === ">="),
    TIMES,
  );
}

const containsAlike = (columns: readonly string[], text: string) => contains(columns, columns, text);

/** Events. Source: zoho.com/crm/developer/docs/api, "Events"; field names of Zoho's own client for version 8. */
export const meetingMap: FieldMap<"meeting", Filter> = {
  ...base,
  resource: "meeting",
  nativeName: "Events",
  fields: {
    ...shared,
    title: kit.text("Event_Title"),
    startAt: { reads: TIMES, read: startOf },
    endAt: { reads: TIMES, read: endOf },
    isAllDay: { reads: ["All_day"], read: isAllDay },
    location: kit.text("Venue"),
    status: {
      reads: ["$event_cancelled"],
      read: (native) => (native["$event_cancelled"] === true ? "CANCELLED" : null),
      note: "Zoho stores only whether a meeting was cancelled.",
    },
    organizer: shared.owner,
    attendees: { reads: ["Participants", "Owner"], read: attendeesOf },
  },
  inputs: { ownerId: ownerInput },
  composites: [
    kit.times({
      native: TIMES,
      needsEnd: "UNLESS_ALL_DAY",
      write({ startAt, endAt, isAllDay: allDay }) {
        const last = new Date((endAt ?? addDays(startAt, 1)).getTime() - 1000);
        const write = (date: Date) => `${date.toISOString().slice(0, 19)}+00:00`;
        return { All_day: allDay, Start_DateTime: write(startAt), End_DateTime: write(allDay ? last : endAt!) };
      },
    }),
    // The written value depends on the stored people: see `withPeople`.
    { inputs: ["contactIds", "leadIds"], native: [...PEOPLE], toNative: () => ({}) },
  ],
  required: ["title", "startAt", ["endAt", "isAllDay"]],
  edges: { contacts: { reads: PEOPLE, read: contactsOf }, leads: { reads: PEOPLE, read: leadsOf } },
  filters: {
    ...sharedFilters,
    name: overColumns(["Event_Title"], containsAlike),
    search: overColumns(["Event_Title", "Venue"], containsAlike),
    startsSince: (date) => starts(">=", date),
    startsUntil: (date) => starts("<", date),
  },
  orders: { ...STAMP_ORDERS, STARTS_AT: "Start_DateTime" },
};
