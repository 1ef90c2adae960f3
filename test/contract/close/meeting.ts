import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import { instantOf, same, textOf } from "../stage/truth.js";
import type { FieldTruth, ResourceSubject } from "../subject.js";
import { createdFilters, dateOrders, malformedIds, missingIds, stamps } from "./shared.js";

const STATUSES: Readonly<Record<string, string>> = {
  upcoming: "SCHEDULED",
  "in-progress": "SCHEDULED",
  completed: "COMPLETED",
  canceled: "CANCELLED",
};
const RESPONSES: Readonly<Record<string, string>> = {
  noreply: "NEEDS_ACTION",
  yes: "ACCEPTED",
  no: "DECLINED",
  maybe: "TENTATIVE",
};

function moment(...natives: string[]): FieldTruth {
  return {
    native: natives,
    of: (native) => new Date(instantOf(native[natives[0]!])!).toISOString(),
  };
}

const attendeesOf = ({ attendees }: NativeRecord) => attendees as NativeRecord[];

export const meeting: ResourceSubject = {
  operations: ["UPDATE", "DELETE"],
  /** A meeting as a calendar would create it. */
  async arrange(client, { unique }) {
    const email = `${unique()}@calendar.example`;
    await client.create("contact", { name: "Invited", emails: [{ email }] });
    return client.create("meeting", {
      title: `Synced ${unique()}`,
      starts_at: "2026-06-10T09:00:00.000Z",
      ends_at: "2026-06-10T10:00:00.000Z",
      location: "Room 4",
      note: "Agenda",
      conference_url: "https://meet.example.com/1",
      attendees: [
        { email, name: "Invited", status: "maybe" },
        { email: "olivia@example.com", status: "yes" },
      ],
    });
  },
  fields: {
    title: same("title"),
    description: same("note"),
    internalNotes: {
      native: ["user_note_html", "user_note"],
      of: ({ user_note_html: html }) => textOf(html)?.replace(/<[^>]*>/g, "") ?? null,
    },
    startAt: moment("starts_at", "activity_at"),
    endAt: moment("ends_at"),
    isAllDay: { native: [], of: () => false },
    location: same("location"),
    videoUrl: {
      native: ["conference_links"],
      of: ({ conference_links: links }) => (links as { url: string }[])[0]?.url ?? null,
    },
    status: { native: ["status"], of: ({ status }) => STATUSES[String(status)] ?? "OTHER" },
    rawStatus: same("status"),
    organizer: {
      native: ["attendees"],
      of(native) {
        const organizer = attendeesOf(native).find((attendee) => attendee["is_organizer"]);
        return organizer ? { id: organizer["user_id"], name: organizer["name"], email: organizer["email"] } : null;
      },
    },
    attendees: {
      native: ["attendees"],
      of: (native) =>
        attendeesOf(native).map(({ name, email, status, contact_id: contactId, user_id: ownerId, ...rest }) => ({
          name,
          email,
          contactId,
          ownerId,
          isOrganizer: rest["is_organizer"],
          response: RESPONSES[String(status)],
        })),
    },
    owner: { native: ["user_id", "user_name"], of: ({ user_id: id, user_name: name }) => ({ id, name }) },
    ...stamps,
  },
  filters: createdFilters("meeting"),
  orders: { CREATED_AT: dateOrders.CREATED_AT },
  edges: ["contacts", "leads"],
  required: [],
  minimal: () => ({}),
  full: () => ({
    input: { internalNotes: 'Likes "quotes" & <angles>.\nSecond line.' },
    reads: { internalNotes: 'Likes "quotes" & <angles>.\nSecond line.' },
    native: { user_note_html: "Likes &quot;quotes&quot; &amp; &lt;angles&gt;.<br>Second line." },
  }),
  variants: () => [],
  createOnly: [],
  notCleared: {},
  refused: () => [
    { input: { title: "Moved", status: "CANCELLED" }, errors: ["input.title", "input.status"] },
    {
      input: { startAt: new Date("2026-06-10T09:00:00.000Z"), contactIds: ["cont_1"] },
      errors: ["input.startAt", "input.contactIds"],
    },
  ],
  textInputs: ["internalNotes"],
  custom: [],
  standardKeys: [],
  missingIds: missingIds("acti"),
  malformedIds: malformedIds("acti").filter((id) => !id.startsWith("acti") || id.includes("/") || id.length > 60),
};
