/** Attio's timestamps have nine fractional digits: `2022-11-21T13:22:49.061281000Z`. Of one form, they sort as text. */
export function stamp(milliseconds: number, nanoseconds = 0): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(nanoseconds).padStart(6, "0")}Z`;
}

/** Any ISO 8601 text in that form; null for what is none. */
export function stampOf(value: unknown): string | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) return null;
  const [, head, fraction = "", zone = "Z"] = /^([^.]*?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i.exec(value) ?? [];
  if (head === undefined) return null;
  const time = Date.parse(head.includes("T") ? `${head}${zone}` : `${head}T00:00:00Z`);
  if (Number.isNaN(time)) return null;
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(9, "0")}Z`;
}

/** An instant with the offset that the zone has then: `2027-11-27T14:00:00.000-04:00`; in UTC where there is no zone. */
export function zoned(milliseconds: number, timeZone: string | null): string {
  const utc = new Date(milliseconds).toISOString();
  if (timeZone === null) return utc;
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(milliseconds);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours = "00", minutes = "00"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (sign === undefined) return utc;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return `${new Date(milliseconds + offset).toISOString().slice(0, -1)}${sign}${hours}:${minutes}`;
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
