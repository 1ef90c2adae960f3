/** A time in microseconds since the epoch, the precision that Close shows. */
export type Micros = number;

/** Writes a time, e.g. `2019-01-15T12:41:24.496000+00:00`. */
export function momentText(moment: Micros): string {
  const text = new Date(Math.floor(moment / 1000)).toISOString();
  return `${text.slice(0, -1)}${String(moment % 1000).padStart(3, "0")}+00:00`;
}

/** Reads a date or date-time. Without an offset it is UTC. Null for any other text. */
export function readMoment(text: unknown): Micros | null {
  const [, day, time = "00:00:00", fraction = "", offset = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(String(text)) ?? [];
  if (day === undefined) return null;
  const second = Date.parse(`${day}T${time}${offset.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(second) ? null : second * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}
