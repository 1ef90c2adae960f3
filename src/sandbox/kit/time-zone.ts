/** Time zone → its format. Kept, because creating a format takes long. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The offset of a time zone from UTC at an instant, in minutes. @throws RangeError for an unknown zone */
export function offsetMinutes(instant: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  formats.set(timeZone, format);
  const parts = format.formatToParts(instant);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

/** Writes an offset in minutes: `-04:00`. */
export function offsetText(offset: number): string {
  const parts = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? "-" : "+"}${parts.map((part) => String(part).padStart(2, "0")).join(":")}`;
}
