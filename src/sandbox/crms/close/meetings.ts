import { holds, type Comparison, type Test } from "../../kit/conditions.js";
import type { CloseAccount } from "./account.js";
import { text } from "./contact-writes.js";
import { badRequest, badRequestAsAWhole, type FieldErrors } from "./errors.js";
import { readMoment } from "./moments.js";
import type { Parameters } from "./request.js";
import type { MeetingRow } from "./rows.js";
import { meetingView, type Wire } from "./views.js";

/** Meetings come from the users' calendars. The API can read, annotate and delete them, but not create them. */
export const MEETINGS = {
  path: "/api/v1/activity/meeting/",
  model: "Activity",
  list: ({ meetings }: CloseAccount, parameters: Parameters) =>
    ordered(meetings.all().filter(filterOf(parameters)), parameters),
  get: ({ meetings }: CloseAccount, id: string) => meetings.get(id),
  update(account: CloseAccount, row: MeetingRow, body: Wire): MeetingRow {
    const problems: Record<string, FieldErrors[string]> = {};
    const updated: MeetingRow = {
      ...row,
      userNoteHtml: text("user_note_html", body, row.userNoteHtml, problems),
      outcomeId: text("outcome_id", body, row.outcomeId, problems),
      updated: account.moment(),
    };
    if (Object.keys(problems).length > 0) throw badRequest(problems);
    account.meetings.set(row.id, updated);
    return updated;
  },
  remove: ({ meetings }: CloseAccount, { id }: MeetingRow) => meetings.set(id, null),
  view: meetingView,
};

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

const COMPARISONS: Readonly<Record<string, Comparison>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" };

/** A list can be filtered by the date that it is sorted by, and by `activity_at` only within one lead. */
function filterOf(parameters: Parameters): Test<MeetingRow> {
  const order = orderOf(parameters);
  const tests: Test<MeetingRow>[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const listed = LISTS[name];
    if (listed) {
      const ids = new Set(value.split(","));
      tests.push((row) => ids.has(listed(row) ?? ""));
    }
    const [field = "", comparison = ""] = name.split("__");
    const [moment, sign] = [MOMENTS[field], COMPARISONS[comparison]];
    if (!moment || !sign) continue;
    if (field !== order.field) throw badRequestAsAWhole(`Use _order_by=-${field} to filter by ${field}.`);
    const bound = readMoment(value);
    if (bound === null) throw badRequest({ [name]: "Not a valid date." });
    tests.push((row) => holds(moment(row), sign, bound));
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
