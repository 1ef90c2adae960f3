import type { FastifyInstance, FastifyRequest } from "fastify";
import { pathParameter, queryList, queryText } from "../../kit/request.js";
import { offsetMinutes } from "../../kit/time-zone.js";
import { isUuid } from "../../kit/uuid.js";
import { wireAnswer } from "../../kit/wire.js";
import { AttioError, invalid, invalidBody, notFound } from "./errors.js";
import { findOrCreateMeeting, meetingView, relinked } from "./meeting.js";
import { bodyOf, count, workspaceOf } from "./request.js";
import { isTimeZone, stampOf } from "./times.js";
import type { Meeting } from "./workspace.js";

export interface MeetingRules {
  /** Whether the links of a meeting can be changed, as in the newest documentation. */
  linksChange: boolean;
  /** Whether a new meeting may have an external reference. */
  externalRef: "TAKEN" | "REFUSED";
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

export function addMeetingRoutes(api: FastifyInstance, { linksChange, externalRef }: MeetingRules): void {
  api.get("/v2/meetings", (request) => {
    const workspace = workspaceOf(request);
    const limit = count(queryText(request, "limit"), "limit", LIMIT_DEFAULT, 1);
    if (limit > LIMIT_MAX) throw invalid("validation_type", `limit must be between 1 and ${LIMIT_MAX}.`);
    const start = offsetOf(queryText(request, "cursor"));
    const sign = sortSign(queryText(request, "sort"));
    const found = workspace.meetings.all().filter(listFilter(request));
    found.sort((one, other) => (one.start - other.start) * sign || one.id.localeCompare(other.id));
    const next = start + limit < found.length ? cursorOf(start + limit) : null;
    return {
      data: found.slice(start, start + limit).map((meeting) => meetingView(workspace, meeting)),
      pagination: { next_cursor: next },
    };
  });

  api.post("/v2/meetings", (request, reply) => {
    const workspace = workspaceOf(request);
    try {
      const body = bodyOf(request);
      if (externalRef === "REFUSED" && Object.keys(body["data"] ?? {}).includes("external_ref")) {
        throw invalidBody([
          {
            code: "unrecognized_keys",
            path: ["data"],
            message: "Unrecognized key(s) in object: 'external_ref'",
            keys: ["external_ref"],
          },
        ]);
      }
      return { data: meetingView(workspace, findOrCreateMeeting(workspace, body)) };
    } catch (error) {
      if (!(error instanceof AttioError)) throw error;
      return wireAnswer(reply, error.answerToNewMeeting());
    }
  });

  api.get("/v2/meetings/:meeting_id", (request) => ({
    data: meetingView(workspaceOf(request), meetingOf(request)),
  }));

  if (!linksChange) return;
  api.patch("/v2/meetings/:meeting_id", (request) => answerRelinked(request, true));
  api.put("/v2/meetings/:meeting_id", (request) => answerRelinked(request, false));
}

function answerRelinked(request: FastifyRequest, keep: boolean): object {
  const workspace = workspaceOf(request);
  return { data: meetingView(workspace, relinked(workspace, meetingOf(request), bodyOf(request), keep)) };
}

function meetingOf(request: FastifyRequest): Meeting {
  const id = pathParameter(request, "meeting_id");
  if (!isUuid(id)) throw invalid("validation_type", `Invalid meeting ID "${id}".`);
  const meeting = workspaceOf(request).meetings.get(id);
  if (!meeting) throw notFound(`Meeting with ID "${id}"`);
  return meeting;
}

/**
 * Makes the test of a list's filter. If a request names participants and a linked record, a meeting matches with either
 * of them.
 */
function listFilter(request: FastifyRequest): (meeting: Meeting) => boolean {
  const emails = queryList(request, "participants").map((email) => email.toLowerCase());
  const [linkedObject, linkedId] = ["linked_object", "linked_record_id"].map((name) => queryText(request, name));
  if ((linkedObject === undefined) !== (linkedId === undefined)) {
    throw invalid("validation_type", "linked_object and linked_record_id go together.");
  }
  const object = linkedObject === undefined ? null : workspaceOf(request).object(linkedObject);
  if (linkedId !== undefined && !isUuid(linkedId)) throw invalid("validation_type", "Invalid linked_record_id.");
  const zone = queryText(request, "timezone") ?? "UTC";
  const endsFrom = instantOf(request, "ends_from");
  const startsBefore = instantOf(request, "starts_before");
  // In a time zone, an all-day meeting begins at the midnight of that zone.
  const seen = (instant: number, { isAllDay }: Meeting) =>
    isAllDay && zone !== "UTC" && isTimeZone(zone) ? instant - offsetMinutes(instant, zone) * 60_000 : instant;
  return (meeting) => {
    const { participants, links, start, end } = meeting;
    if (endsFrom !== null && seen(end, meeting) < endsFrom) return false;
    if (startsBefore !== null && seen(start, meeting) >= startsBefore) return false;
    if (emails.length === 0 && linkedId === undefined) return true;
    return (
      participants.some(({ email_address: email }) => email !== null && emails.includes(email.toLowerCase())) ||
      links.some(({ record_id, object_id }) => record_id === linkedId && object_id === object?.id)
    );
  };
}

function instantOf(request: FastifyRequest, name: string): number | null {
  const text = queryText(request, name);
  if (text === undefined) return null;
  const found = stampOf(text);
  if (found === null) throw invalid("validation_type", `Invalid value for ${name}.`);
  return Date.parse(found);
}

function sortSign(sort = "start_asc"): number {
  if (sort === "start_asc") return 1;
  if (sort === "start_desc") return -1;
  throw invalid("validation_type", "Invalid value for sort.");
}

function cursorOf(offset: number): string {
  return Buffer.from(`meetings:${offset}`).toString("base64url");
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = /^meetings:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString("utf8"))?.[1];
  if (offset === undefined) throw invalid("validation_type", "Invalid cursor.");
  return Number(offset);
}
