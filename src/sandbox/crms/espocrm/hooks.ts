import { textOf } from "../../kit/json.js";
import { systemDateTime, type Caller, type Row } from "./database.js";

/**
 * Removes the title of a contact without an account, because EspoCRM stores the title as the contact's role in the
 * account.
 */
export function settleContact(row: Row): void {
  if (!row["accountId"]) row["title"] = null;
}

/** A cleared amount gets the currency of the system. Recorded from EspoCRM 8.4.2. */
export function settleLead(row: Row, old: Row | null, now: number, written: ReadonlySet<string>): void {
  if (row["status"] === "Converted" && old?.["status"] !== "Converted") row["convertedAt"] = systemDateTime(now);
  const [amount, currency] = ["opportunityAmount", "opportunityAmountCurrency"];
  if (old && written.has(currency) && !row[currency] && row[amount] !== old[amount]) row[currency] = "USD";
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Completes times and attendees before a save, as EspoCRM does. An all-day meeting begins at midnight in the system's
 * time zone (here UTC). If only the start changes, the meeting keeps its length. The assigned user attends the meeting.
 */
export function settleMeeting(row: Row, old: Row | null, caller: Caller, written: ReadonlySet<string>): void {
  const startDate = row["dateStartDate"];
  const endDate = row["dateEndDate"];
  if (startDate) row["dateStart"] = `${textOf(startDate)} 00:00:00`;
  if (endDate) row["dateEnd"] = systemDateTime(Date.parse(`${textOf(endDate)}T00:00:00Z`) + DAY_MS);
  const saysEnd = written.has("dateEnd") || written.has("dateEndDate");
  if (old?.["dateStart"] && old["dateEnd"] && row["dateStart"] && old["dateStart"] !== row["dateStart"] && !saysEnd) {
    const length = timeOf(old["dateEnd"]) - timeOf(old["dateStart"]);
    row["dateEnd"] = systemDateTime(timeOf(row["dateStart"]) + length);
  }
  for (const link of ["users", "contacts", "leads"]) row[`${link}Ids`] = idsOf(row[`${link}Ids`]);
  const assigned = row["assignedUserId"];
  const users = row["usersIds"] as string[];
  if (typeof assigned === "string" && !users.includes(assigned)) row["usersIds"] = [...users, assigned];
  if (old === null && (row["usersIds"] as string[]).includes(caller.id)) {
    const columns = (row["usersColumns"] ?? {}) as Record<string, unknown>;
    row["usersColumns"] = { [caller.id]: { status: "Accepted" }, ...columns };
  }
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? [...new Set(value.map(String))] : [];
}

function timeOf(value: unknown): number {
  return Date.parse(`${String(value).replace(" ", "T")}Z`);
}
