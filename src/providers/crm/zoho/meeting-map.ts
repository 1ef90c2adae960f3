import type { FieldMap, Filters, NativeRecord } from "../../contract/field-map.js";
import { Sifted } from "../../kit/sifted.js";
import { readDateTime } from "../../mapping/json-dialect.js";
import { timesInput } from "../../mapping/meeting-times.js";
import { kit, moduleRules, PROVIDER_NAME, sharedFields, STAMP_ORDERS } from "./dialect.js";
import { attendeesOf, contactsOf, leadsOf, PEOPLE } from "./meeting-people.js";
import { contains, dateTime, sharedFilters, type Condition } from "./query.js";

const DAY_MS = 86_400_000;
const TIMES = ["All_day", "Start_DateTime", "End_DateTime"];
const shared = sharedFields("Events");

/** The day that stands in a date-time, wherever in the world it was written. */
const dayOf = (value: unknown) => Date.parse(`${String(value).slice(0, 10)}T00:00:00Z`);
const isAllDay = (native: NativeRecord) => native["All_day"] === true;

function startOf({ All_day, Start_DateTime: start }: NativeRecord): string {
  return All_day === true ? new Date(dayOf(start)).toISOString() : readDateTime(start)!;
}

/** The last day of an all-day meeting is its own. */
function endOf({ All_day, End_DateTime: end }: NativeRecord): string | null {
  const isDay = All_day === true && kit.readText(end) !== null;
  return isDay ? new Date(dayOf(end) + DAY_MS).toISOString() : readDateTime(end);
}

/** All-day meetings begin up to half a day before or after UTC's midnight; the rest is told apart afterwards. */
function starts(sign: ">=" | "<", bound: Date): Condition {
  const margin = sign === ">=" ? -DAY_MS : DAY_MS;
  return new Sifted(
    { where: `Start_DateTime ${sign} ${dateTime(new Date(bound.getTime() + margin))}` },
    (native) => Date.parse(startOf(native)) >= bound.getTime() === (sign === ">="),
    TIMES,
  );
}

const filters: Filters<"meeting", Condition> = {
  ...sharedFilters,
  name: (text) => contains(["Event_Title"], ["Event_Title"], text),
  search: (text) => contains(["Event_Title", "Venue"], ["Event_Title", "Venue"], text),
  startsSince: (date) => starts(">=", date),
  startsUntil: (date) => starts("<", date),
};

/** Events. Source: zoho.com/crm/developer/docs/api, "Events"; field names of Zoho's own client for version 8. */
export const meetingMap: FieldMap<"meeting"> = {
  resource: "meeting",
  nativeName: "Events",
  ...moduleRules,
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
      note: "Zoho knows of a meeting only whether it was cancelled.",
    },
    organizer: shared.owner,
    attendees: { reads: ["Participants", "Owner"], read: attendeesOf },
  },
  composites: [
    timesInput({
      providerName: PROVIDER_NAME,
      native: TIMES,
      allDay: true,
      needsEnd: "UNLESS_ALL_DAY",
      write({ startAt, endAt, isAllDay: allDay }) {
        const last = new Date(endAt ? endAt.getTime() - 1000 : startAt.getTime() + DAY_MS - 1000);
        const write = (date: Date) => `${date.toISOString().slice(0, 19)}+00:00`;
        return { All_day: allDay, Start_DateTime: write(startAt), End_DateTime: write(allDay ? last : endAt!) };
      },
    }),
    // Whom it is with hangs together with whom it was with: `withPeople` writes it.
    { inputs: ["contactIds", "leadIds"], native: [...PEOPLE], toNative: () => ({}) },
  ],
  required: ["title", "startAt", ["endAt", "isAllDay"]],
  edges: { contacts: { reads: PEOPLE, read: contactsOf }, leads: { reads: PEOPLE, read: leadsOf } },
  filters,
  orders: { ...STAMP_ORDERS, STARTS_AT: "Start_DateTime" },
};
