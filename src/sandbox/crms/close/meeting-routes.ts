import type { FastifyInstance } from "fastify";
import type { CloseAccount } from "./account.js";
import { text } from "./contact-writes.js";
import { badRequest, badRequestAsAWhole, methodNotAllowed, noSuchRecord, type FieldErrors } from "./errors.js";
import { readMoment } from "./moments.js";
import { accountOf, bodyOf, fieldsOf, idOf, overriddenQuery, pageOf, queryOf, type Parameters } from "./request.js";
import type { MeetingRow } from "./rows.js";
import { meetingView, selected } from "./views.js";

const PATH = "/api/v1/activity/meeting/";

/** Meetings come out of the users' calendars: they are read, annotated and deleted here, and never made. */
export function addMeetingRoutes(app: FastifyInstance): void {
  app.get(PATH, (request) => list(accountOf(request), queryOf(request)));
  app.post(PATH, (request) => {
    const parameters = overriddenQuery(request);
    if (!parameters) throw methodNotAllowed();
    return list(accountOf(request), parameters);
  });
  app.get(`${PATH}:id/`, (request) => {
    const account = accountOf(request);
    return selected(meetingView(account, found(account, idOf(request))), fieldsOf(queryOf(request)));
  });
  app.put(`${PATH}:id/`, (request) => {
    const account = accountOf(request);
    const row = found(account, idOf(request));
    const body = bodyOf(request);
    const problems: Record<string, FieldErrors[string]> = {};
    const updated: MeetingRow = {
      ...row,
      userNoteHtml: text("user_note_html", body, row.userNoteHtml, problems),
      outcomeId: text("outcome_id", body, row.outcomeId, problems),
      updated: account.moment(),
    };
    if (Object.keys(problems).length > 0) throw badRequest(problems);
    account.meetings.set(row.id, updated);
    return meetingView(account, updated);
  });
  app.delete(`${PATH}:id/`, (request) => {
    const account = accountOf(request);
    account.meetings.set(found(account, idOf(request)).id, null);
    return {};
  });
}

function found({ meetings }: CloseAccount, id: string): MeetingRow {
  const row = meetings.get(id);
  if (!row) throw noSuchRecord("Activity");
  return row;
}

function list(account: CloseAccount, parameters: Parameters) {
  const rows = ordered(account.meetings.all().filter(filterOf(parameters)), parameters);
  const page = pageOf(rows, parameters);
  const fields = fieldsOf(parameters);
  return { data: page.rows.map((row) => selected(meetingView(account, row), fields)), has_more: page.hasMore };
}

const LISTS: Readonly<Record<string, (row: MeetingRow) => string | null>> = {
  id__in: ({ id }) => id,
  lead_id: ({ leadId }) => leadId,
  contact_id: ({ contactId }) => contactId,
  user_id: ({ userId }) => userId,
};

const MOMENTS: Readonly<Record<string, (row: MeetingRow) => number>> = {
  date_created: ({ created }) => created,
  activity_at: ({ startsAt }) => startsAt * 1000,
};

const COMPARISONS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  gt: (one, other) => one > other,
  gte: (one, other) => one >= other,
  lt: (one, other) => one < other,
  lte: (one, other) => one <= other,
};

/** Dates can be filtered by only where the list is sorted by them, and by `activity_at` only within one lead. */
function filterOf(parameters: Parameters): (row: MeetingRow) => boolean {
  const order = orderOf(parameters);
  const tests: ((row: MeetingRow) => boolean)[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const listed = LISTS[name];
    if (listed) {
      const ids = new Set(value.split(","));
      tests.push((row) => ids.has(listed(row) ?? ""));
    }
    const [field = "", comparison = ""] = name.split("__");
    const [moment, compare] = [MOMENTS[field], COMPARISONS[comparison]];
    if (!moment || !compare) continue;
    if (field !== order.field) throw badRequestAsAWhole(`Use _order_by=-${field} to filter by ${field}.`);
    const bound = readMoment(value);
    if (bound === null) throw badRequest({ [name]: "Not a valid date." });
    tests.push((row) => compare(moment(row), bound));
  }
  return (row) => tests.every((test) => test(row));
}

function ordered(rows: readonly MeetingRow[], parameters: Parameters): MeetingRow[] {
  const { field, isDescending } = orderOf(parameters);
  const moment = MOMENTS[field]!;
  return rows.toSorted((one, other) => (moment(one) - moment(other)) * (isDescending ? -1 : 1));
}

function orderOf({ _order_by: order = "-date_created", lead_id: leadId }: Parameters) {
  const isDescending = order.startsWith("-");
  const field = order.replace(/^-/, "");
  if (!(field in MOMENTS)) throw badRequest({ _order_by: "Invalid order." });
  if (field === "activity_at" && leadId === undefined) {
    throw badRequestAsAWhole("Activities can be sorted by activity_at only for a single lead.");
  }
  return { field, isDescending };
}
