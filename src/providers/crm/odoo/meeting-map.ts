import { FieldProblem, type FieldEntry, type FieldMap, type NativeRecord } from "../../contract/field-map.js";
import type { Attendee } from "../../contract/model.js";
import { memberAt } from "../../mapping/members.js";
import { manyIds } from "./answers.js";
import { responseOf } from "../../mapping/attendee.js";
import { customFieldRule } from "./definitions.js";
import { base, kit, owner, ownerInput, readReference, recordFields, tags, writeReferences } from "./dialect.js";
import { LEAD_MODEL } from "./lead-map.js";
import { endOf, isAllDay, startOf, TIME_FIELDS, times } from "./meeting-times.js";
import {
  anyOf,
  containing,
  fromDay,
  isText,
  ownedBy,
  since,
  timeFilters,
  until,
  type Domain,
  type Filter,
  type Term,
} from "./query.js";

export const MEETING_MODEL = "calendar.event";

/** The record of one attendee (calendar.attendee). */
interface NativeAttendee {
  partner_id: unknown;
  email: unknown;
  common_name: unknown;
  state: unknown;
}

/** What `attendeesOf` reads. */
const PEOPLE = ["attendee_ids", "$attendees"];

/**
 * Whether Odoo hides the meeting from this user: it then has the title “Busy”, and no people. The records of its attendees
 * are not hidden, but the meeting does not list them. Its privacy does not tell: since Odoo 19, most meetings have that of
 * their user's calendar, which only this user may see.
 */
export function isHidden(native: NativeRecord): boolean {
  return memberAt(native, "attendee_ids", manyIds).length === 0;
}

/** The attendees that Odoo shows to this user. The list of the meeting's contacts itself leaves out archived ones. */
function attendeesOf(native: NativeRecord): readonly NativeAttendee[] {
  return isHidden(native) ? [] : (native["$attendees"] as NativeAttendee[]);
}

/** Odoo makes any other text a link to its own server. */
const videoUrl: FieldEntry<string | null> = {
  ...kit.readOnlyText("videocall_location"),
  write: kit.input("videocall_location", (link: string | null) => {
    if (link && !/^https?:/i.test(link))
      throw new FieldProblem("Expected a link that begins with http:// or https://. Give the whole link.");
    return link ?? false;
  }),
};

function timedOrAllDay(timed: Term, allDay: Term): Domain {
  return anyOf([["allday", "=", false], timed], [["allday", "=", true], allDay]);
}

/** Meetings (calendar.event). Source: addons/calendar/models/calendar_event.py of odoo/odoo; recorded from Odoo 17. */
export const meetingMap: FieldMap<"meeting", Filter> = {
  ...base,
  resource: "meeting",
  nativeName: MEETING_MODEL,
  fields: {
    title: kit.text("name"),
    description: kit.html("description"),
    startAt: {
      reads: TIME_FIELDS,
      read: startOf,
      note: "An order treats all-day meetings as Odoo does, as if they began at 08:00 UTC.",
    },
    endAt: { reads: TIME_FIELDS, read: endOf },
    isAllDay: { reads: ["allday"], read: isAllDay },
    location: kit.text("location"),
    videoUrl,
    organizer: owner,
    attendees: {
      reads: ["partner_id", "user_id", ...PEOPLE],
      read: (native) =>
        attendeesOf(native).map((attendee): Attendee => {
          const contactId = readReference(attendee.partner_id);
          const isOrganizer = contactId !== null && contactId === readReference(native["partner_id"]);
          return {
            name: kit.readText(attendee.common_name),
            email: kit.readText(attendee.email),
            contactId,
            ownerId: isOrganizer ? readReference(native["user_id"]) : null,
            isOrganizer,
            response: responseOf(attendee.state),
          };
        }),
      note: "Odoo invites every linked contact. crmesh writes without sending invitations.",
    },
    tags: tags("categ_ids"),
    ...recordFields(MEETING_MODEL),
  },
  inputs: {
    ownerId: ownerInput,
    contactIds: kit.references("partner_ids", (ids) => writeReferences(ids.map(Number))),
    leadIds: {
      native: ["opportunity_id"],
      toNative(ids: string[] | null) {
        const [lead, second] = ids ?? [];
        if (second !== undefined)
          throw new FieldProblem("Odoo links a meeting to at most one lead. Remove the others.", "1");
        if (lead !== undefined) kit.assertId(lead, "0");
        return { opportunity_id: lead === undefined ? false : Number(lead) };
      },
    },
  },
  composites: [times],
  required: ["title", "startAt", ["endAt", "isAllDay"]],
  edges: {
    contacts: {
      reads: PEOPLE,
      read: (native) => [
        ...new Set(attendeesOf(native).flatMap(({ partner_id: partner }) => readReference(partner) ?? [])),
      ],
    },
    leads: {
      reads: ["opportunity_id", "res_model", "res_id"],
      read(native) {
        const lead = readReference(native["opportunity_id"]) ?? linkedLead(native["res_model"], native["res_id"]);
        return lead === null ? [] : [lead];
      },
    },
  },
  filters: {
    name: containing("name"),
    search: containing("name", "description", "location"),
    ownerId: ownedBy,
    // An all-day meeting begins at midnight, although Odoo stores 08:00 in `start`.
    startsSince: (value) => timedOrAllDay(since("start", value), fromDay("start_date", ">=", value)),
    startsUntil: (value) => timedOrAllDay(until("start", value), fromDay("start_date", "<", value)),
    attendeeEmail: (value) => [isText("partner_ids.email", value)],
    ...timeFilters,
  },
  orders: { CREATED_AT: "create_date", UPDATED_AT: "write_date", STARTS_AT: "start" },
  custom: customFieldRule,
};

/** Odoo stores the record from whose page a meeting was created as the meeting's document. */
function linkedLead(model: unknown, id: unknown): string | null {
  return model === LEAD_MODEL ? readReference(id) : null;
}
