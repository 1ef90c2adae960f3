import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { queryText } from "../../kit/request.js";
import { type PipedriveAccount, type Row, stamp } from "./account.js";
import { badRequest } from "./errors.js";
import { addRecordRoutes, assertPerson, assertUser } from "./record-routes.js";
import { bodyOf } from "./request.js";
import { clock, emptyActivity } from "./activity-rows.js";

const ACTIVITY_TYPES = ["call", "meeting", "task", "deadline", "email", "lunch"];

const text = z.string().nullable();
const time = z
  .string()
  .regex(/^(\d{2}:\d{2}(:\d{2})?)?$/, "Expected HH:MM")
  .nullable();
const duration = z
  .string()
  .regex(/^(\d{2,}:[0-5]\d(:[0-5]\d)?)?$/, "Expected HH:MM")
  .nullable();
interface NativeParticipant {
  person_id: number;
  status: string | null;
  is_organizer: boolean;
}

const person = z.strictObject({ person_id: z.int(), primary: z.boolean().optional() });
const attendee = z
  .strictObject({
    email: text,
    name: text,
    status: text,
    is_organizer: z.boolean(),
    person_id: z.int().nullable(),
    user_id: z.int().nullable(),
  })
  .partial();

/** Source: developers.pipedrive.com, "Activities", API v2. The page also lists `person_id`, which is read-only. */
const changes = z
  .strictObject({
    subject: z.string().min(1),
    type: z.enum(ACTIVITY_TYPES),
    owner_id: z.int(),
    deal_id: z.int().nullable(),
    lead_id: text,
    org_id: z.int().nullable(),
    project_id: z.int().nullable(),
    due_date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "Expected YYYY-MM-DD")
      .nullable(),
    due_time: time,
    duration,
    busy: z.boolean(),
    done: z.boolean(),
    location: z.looseObject({ value: text }).nullable(),
    participants: z.array(person),
    attendees: z.array(attendee),
    public_description: text,
    priority: z.int().nullable(),
    note: text,
  })
  .partial();

export function addActivityRoutes(api: FastifyInstance): void {
  addRecordRoutes(api, {
    path: "/activities",
    what: "activity",
    table: (account) => account.activities,
    // The filter by person finds only activities whose primary participant is the person.
    filters: { owner_id: "owner_id", lead_id: "lead_id", person_id: "person_id" },
    create(account, request) {
      assertNoPerson(request.body);
      const now = account.now();
      const empty = emptyActivity(account, account.newId(), account.me.id, { createdAt: now, updatedAt: now });
      const body = bodyOf(request, changes);
      const { type = "call" } = body;
      return changed(account, empty, { ...body, type, subject: body.subject ?? type });
    },
    change(account, row, request) {
      assertNoPerson(request.body);
      return changed(account, row, bodyOf(request, changes));
    },
    view(row, request) {
      if (queryText(request, "include_fields")?.split(",").includes("attendees")) return row;
      const { attendees: _attendees, ...rest } = row;
      return rest;
    },
  });
}

function assertNoPerson(body: unknown): void {
  if (typeof body !== "object" || body === null || !("person_id" in body)) return;
  throw badRequest("'person_id' is a read-only field. Add a primary participant to set 'person_id' instead.");
}

function changed(account: PipedriveAccount, row: Row, body: z.output<typeof changes>): Row {
  if (body.owner_id !== undefined) assertUser(account, body.owner_id);
  if (typeof body.lead_id === "string" && !account.leads.get(body.lead_id)) {
    throw badRequest("Validation failed: lead_id: Unknown lead");
  }
  const people = body.participants;
  for (const { person_id: id } of people ?? []) assertPerson(account, id, `participants: Unknown person ${id}`);
  const primary = people?.find((one) => one.primary) ?? people?.[0];
  const now = stamp(account.now());
  return {
    ...row,
    ...body,
    ...(body.due_time === undefined ? {} : { due_time: withSeconds(body.due_time) }),
    ...(body.duration === undefined ? {} : { duration: withSeconds(body.duration) }),
    ...(body.done === undefined ? {} : { marked_as_done_time: body.done ? now : null }),
    ...(people
      ? {
          participants: people.map((one) => ({ ...replyOf(row, one.person_id), primary: one === primary })),
          person_id: primary?.person_id ?? null,
        }
      : {}),
    update_time: now,
  };
}

/** A participant who stays keeps the reply. */
function replyOf(row: Row, person: number): NativeParticipant {
  const before = (row["participants"] as NativeParticipant[] | undefined)?.find((one) => one.person_id === person);
  return { person_id: person, status: before?.status ?? null, is_organizer: before?.is_organizer ?? false };
}

/** Adds seconds to a time, because every answer has HH:MM:SS. */
function withSeconds(given: string | null): string | null {
  if (!given) return null;
  const [hours, minutes, seconds = 0] = given.split(":").map(Number);
  return clock(hours! * 3600 + minutes! * 60 + seconds);
}
