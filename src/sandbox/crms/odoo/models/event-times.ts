import { dateOf, formatDateTime, HOUR, MINUTE, parseDateTime, type Micros } from "../date-times.js";
import type { Row, Values } from "../data.js";
import type { Session } from "../model.js";
import { validationError } from "../rpc-error.js";

/**
 * Makes start, stop, duration and the two dates agree. For an all-day meeting, written dates take precedence: its start
 * and stop are then 08:00 and 18:00 of these days, and mean no time of day.
 */
export function completeTimes(changes: Values, before: Row | null, session: Session): void {
  // A later check refuses an emptied start or stop as a missing value.
  if (changes["start"] === null || changes["stop"] === null) return;
  const allDay = (changes["allday"] ?? before?.["allday"]) === true;
  if (allDay) timesFromDates(changes, before);
  const start = instant(changes["start"]) ?? instant(before?.["start"]) ?? nextHalfHour(session.now);
  const stop = instant(changes["stop"]) ?? stopOf(start, changes, before);
  changes["start"] = start;
  changes["stop"] = stop;
  // Odoo rounds to two digits: 20 minutes are 0.33 hours.
  changes["duration"] = Math.round(((stop - start) / HOUR) * 100) / 100;
  changes["start_date"] = allDay ? dateOf(start) : null;
  changes["stop_date"] = allDay ? dateOf(stop) : null;
}

function timesFromDates(changes: Values, before: Row | null): void {
  const first = changes["start_date"];
  const last = changes["stop_date"];
  if (typeof first !== "string" && typeof last !== "string") return;
  const startDate = first ?? before?.["start_date"] ?? last;
  const stopDate = last ?? before?.["stop_date"] ?? first;
  changes["start"] = parseDateTime(`${String(startDate)} 08:00:00`);
  changes["stop"] = parseDateTime(`${String(stopDate)} 18:00:00`);
}

/** Returns the end of a meeting. If only the start changes, the meeting keeps its duration. */
function stopOf(start: Micros, changes: Values, before: Row | null): Micros {
  const isMoved = changes["start"] !== undefined || changes["duration"] !== undefined;
  const kept = instant(before?.["stop"]);
  if (!isMoved && kept !== null) return kept;
  const hours = Number(changes["duration"] ?? before?.["duration"] ?? 0) || 1;
  return start + Math.round(hours * 60) * MINUTE;
}

function nextHalfHour(now: Micros): Micros {
  return Math.ceil(now / (30 * MINUTE)) * 30 * MINUTE;
}

function instant(value: Values[string] | undefined): Micros | null {
  return typeof value === "number" ? value : null;
}

export function checkTimes(row: Row): void {
  const start = instant(row["start"]) ?? 0;
  const stop = instant(row["stop"]) ?? 0;
  const isAllDay = row["allday"] === true;
  if (isAllDay ? dateOf(stop) >= dateOf(start) : stop >= start) return;
  const what = isAllDay ? "date" : "date and time";
  throw validationError(
    `The ending ${what} cannot be earlier than the starting ${what}.\nMeeting '${String(row["name"])}' starts ` +
      `'${formatDateTime(start)}' and ends '${formatDateTime(stop)}'`,
  );
}
