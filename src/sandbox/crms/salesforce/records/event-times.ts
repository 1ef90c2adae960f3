import { DAY, MINUTE, formatDate, parseDate, startOfDay } from "../dates.js";
import { badRequest } from "../errors.js";
import type { Row, Value } from "../org.js";
import { requiredFieldsMissing } from "./checks.js";

/**
 * Completes the times of an event. Several fields contain its start and its length. A call may give any of them, but
 * the saved record has all of them, and they agree.
 */
export function settleEventTimes(before: Row, changes: Record<string, Value>): Record<string, Value> {
  const allDay = (changes.IsAllDayEvent ?? before.IsAllDayEvent) === true;
  const start = wantedStart(before, changes, allDay);
  const length = start === null ? null : wantedLength(before, changes, start, allDay);
  if (start === null || length === null) throw requiredFieldsMissing(missingTimes(changes, start, allDay));
  return {
    IsAllDayEvent: allDay,
    StartDateTime: start,
    ActivityDateTime: start,
    ActivityDate: formatDate(start),
    EndDateTime: start + length,
    DurationInMinutes: Math.floor(length / MINUTE),
  };
}

function missingTimes(changes: Record<string, Value>, start: number | null, allDay: boolean): string[] {
  const noLength = !allDay && (changes.DurationInMinutes ?? changes.EndDateTime ?? null) === null;
  return [...(noLength ? ["DurationInMinutes"] : []), ...(start === null ? ["ActivityDateTime"] : [])];
}

function wantedStart(before: Row, changes: Record<string, Value>, allDay: boolean): number | null {
  const start = changes.StartDateTime ?? null;
  const due = changes.ActivityDateTime ?? null;
  const day = allDay && typeof changes.ActivityDate === "string" ? parseDate(changes.ActivityDate) : null;
  const given = start ?? due ?? day;
  if (given === null) {
    const cleared = changes.StartDateTime === null || changes.ActivityDateTime === null;
    const kept = cleared ? null : (before.StartDateTime ?? null);
    return kept === null ? null : dayOrInstant(Number(kept), allDay);
  }
  const field =
    due !== null && due !== given
      ? "ActivityDateTime"
      : day !== null && day !== startOfDay(Number(given))
        ? "ActivityDate"
        : null;
  if (field) throw badRequest("FIELD_INTEGRITY_EXCEPTION", `${field} and StartDateTime must be the same`, [field]);
  return dayOrInstant(Number(given), allDay);
}

/** Returns the length in milliseconds. Null if neither the call nor the record has a length. */
function wantedLength(before: Row, changes: Record<string, Value>, start: number, allDay: boolean): number | null {
  const end = changes.EndDateTime ?? null;
  const byEnd = end === null ? null : dayOrInstant(Number(end), allDay) - start;
  const byDuration = (changes.DurationInMinutes ?? null) === null ? null : Number(changes.DurationInMinutes) * MINUTE;
  checkLengths(byEnd, byDuration, allDay);
  const given = byDuration ?? byEnd;
  if (given !== null) return allDay ? Math.max(1, Math.ceil(given / DAY)) * DAY : (byEnd ?? given);

  const cleared = changes.EndDateTime === null || changes.DurationInMinutes === null;
  const beforeEnd = before.EndDateTime ?? null;
  const kept = cleared || beforeEnd === null ? null : Number(beforeEnd) - Number(before.StartDateTime);
  if (!allDay) return kept;
  return kept !== null && before.IsAllDayEvent === true ? kept : DAY;
}

function checkLengths(byEnd: number | null, byDuration: number | null, allDay: boolean): void {
  if ((byEnd ?? 0) < 0 || (byDuration ?? 0) < 0) {
    const field = (byEnd ?? 0) < 0 ? "EndDateTime" : "DurationInMinutes";
    throw badRequest("FIELD_INTEGRITY_EXCEPTION", "Event duration cannot be negative: the end is before the start", [
      field,
    ]);
  }
  if (byEnd === null || byDuration === null) return;
  const agree = Math.floor(byEnd / MINUTE) * MINUTE === byDuration;
  // Accepts an all-day end that is the last day itself, and one that is the day after it.
  if (agree || (allDay && byEnd + DAY === byDuration)) return;
  throw badRequest("FIELD_INTEGRITY_EXCEPTION", "The duration and the end of the event do not agree", [
    "DurationInMinutes",
    "EndDateTime",
  ]);
}

function dayOrInstant(ms: number, allDay: boolean): number {
  return allDay ? startOfDay(ms) : ms;
}
