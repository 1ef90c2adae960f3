import { randomUUID } from "node:crypto";
import { z } from "zod";
import { invalid, invalidBody } from "./errors.js";
import { isTimeZone, stampOf, zoned } from "./times.js";
import type { LinkedRecord, Meeting, Participant, Workspace } from "./workspace.js";

const zonedTime = z.object({ datetime: z.string(), timezone: z.string().nullish() });
const day = z.object({ date: z.string() });
const links = z.array(z.object({ object: z.string(), record_id: z.string() }));

/** One version of the documentation requires the external reference. A later version does not have it. */
const newMeeting = z.object({
  data: z.object({
    title: z.string(),
    description: z.string(),
    start: z.union([zonedTime, day]),
    end: z.union([zonedTime, day]),
    is_all_day: z.boolean(),
    participants: z.array(
      z.object({
        email_address: z.string(),
        is_organizer: z.union([z.boolean(), z.enum(["true", "false"])]),
        status: z.enum(["accepted", "tentative", "declined", "pending"]),
      }),
    ),
    linked_records: links.optional(),
    external_ref: z.union([z.string().min(1), z.object({ ical_uid: z.string(), provider: z.string() })]).optional(),
  }),
});

const newLinks = z.object({ data: z.object({ linked_records: links }) });

/** Finds the meeting of the external reference, or creates it. @throws AttioError */
export function findOrCreateMeeting(workspace: Workspace, body: unknown): Meeting {
  const { data } = parsed(newMeeting, body);
  const ref = data.external_ref === undefined ? null : JSON.stringify(data.external_ref);
  const existing = ref === null ? undefined : workspace.meetingRefs.get(ref);
  if (existing !== undefined) return workspace.meetings.get(existing)!;

  const start = instantOf(data.start, data.is_all_day, "start");
  const end = instantOf(data.end, data.is_all_day, "end");
  const participants = data.participants.map(
    ({ email_address: email, is_organizer: isOrganizer, status }): Participant => ({
      status,
      is_organizer: String(isOrganizer) === "true",
      email_address: email.toLowerCase(),
    }),
  );
  const given = linkedRecords(workspace, data.linked_records ?? []);
  const meeting: Meeting = {
    id: randomUUID(),
    title: data.title,
    description: data.description,
    start,
    end,
    isAllDay: data.is_all_day,
    timeZone: "datetime" in data.start ? knownZone(data.start.timezone) : null,
    participants,
    links: withoutDoubles([...peopleOf(workspace, participants), ...given]),
    createdAt: workspace.nextStamp(),
  };
  workspace.meetings.set(meeting.id, meeting);
  if (ref !== null) workspace.meetingRefs.set(ref, meeting.id);
  return meeting;
}

/** @throws AttioError */
export function relinked(workspace: Workspace, meeting: Meeting, body: unknown, keep: boolean): Meeting {
  const given = linkedRecords(workspace, parsed(newLinks, body).data.linked_records);
  const changed = { ...meeting, links: withoutDoubles(keep ? [...meeting.links, ...given] : given) };
  workspace.meetings.set(meeting.id, changed);
  return changed;
}

export function meetingView(workspace: Workspace, meeting: Meeting): object {
  const { id, title, description, start, end, isAllDay, timeZone, participants, createdAt } = meeting;
  const time = (instant: number) =>
    isAllDay
      ? { date: new Date(instant).toISOString().slice(0, 10) }
      : { datetime: zoned(instant, timeZone), timezone: timeZone };
  return {
    id: { workspace_id: workspace.workspaceId, meeting_id: id },
    title,
    description,
    is_all_day: isAllDay,
    start: time(start),
    end: time(end),
    participants,
    linked_records: meeting.links,
    created_at: createdAt,
    created_by_actor: { type: "workspace-member", id: workspace.members[0]!.id },
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidBody(
    result.error.issues.map(({ code, path, message }) => ({ code: String(code), path: path.map(String), message })),
  );
}

function instantOf(time: z.output<typeof zonedTime> | z.output<typeof day>, isAllDay: boolean, member: string): number {
  const refuse = (message: string): never => {
    throw invalidBody([{ code: "custom", path: ["data", member], message }]);
  };
  if (isAllDay !== "date" in time) refuse(isAllDay ? "Expected a date." : "Expected a datetime.");
  const text = "date" in time ? time.date : withOffset(time);
  const found = stampOf(text);
  if (found === null || ("date" in time && !/^\d{4}-\d\d-\d\d$/.test(text))) return refuse("Invalid date or datetime.");
  return Date.parse(found);
}

/** Adds the offset of the zone to a datetime without an offset. An unknown zone counts as UTC. */
function withOffset({ datetime, timezone }: z.output<typeof zonedTime>): string {
  if (/(Z|[+-]\d\d:?\d\d)$/i.test(datetime)) return datetime;
  const zone = knownZone(timezone);
  if (zone === null) return `${datetime}Z`;
  const asUtc = Date.parse(`${datetime}Z`);
  return Number.isNaN(asUtc) ? datetime : `${datetime}${/(Z|[+-]\d\d:\d\d)$/.exec(zoned(asUtc, zone))![0]}`;
}

function knownZone(zone: string | null | undefined): string | null {
  return zone && isTimeZone(zone) ? zone : null;
}

function linkedRecords(workspace: Workspace, given: z.output<typeof links>): LinkedRecord[] {
  return given.map(({ object: name, record_id: recordId }) => {
    const object = workspace.object(name);
    if (!object || !workspace.hasRecord(object, recordId)) {
      throw invalid("validation_type", `Cannot find the linked record "${recordId}".`, [
        { code: "custom", path: ["data", "linked_records"], message: "Record not found." },
      ]);
    }
    return { object_slug: object.slug, object_id: object.id, record_id: recordId };
  });
}

/** The records of the participants. A participant without a record gets one. */
function peopleOf(workspace: Workspace, participants: readonly Participant[]): LinkedRecord[] {
  const people = workspace.object("people")!;
  return participants.flatMap(({ email_address: email }) => {
    if (email === null || workspace.members.some((member) => member.email === email)) return [];
    const recordId =
      workspace.findRecord(people, "email_addresses", email) ??
      workspace.create(people, { email_addresses: [email] }).id;
    return [{ object_slug: people.slug, object_id: people.id, record_id: recordId }];
  });
}

function withoutDoubles(given: readonly LinkedRecord[]): LinkedRecord[] {
  return [...new Map(given.map((link) => [link.record_id, link])).values()];
}
