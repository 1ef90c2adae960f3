import { offsetMinutes, offsetText } from "../../kit/time-zone.js";

const HOUR = 60 * 60 * 1000;

/** Date-times in one time zone. */
export class ZoneClock {
  /** Hour since the epoch → offset in minutes; zones change on whole hours. */
  readonly #offsets = new Map<number, number>();

  constructor(readonly zone: string) {}

  /** `2026-01-02T10:00:00+01:00` */
  write(instant: number): string {
    const offset = this.#offsetAt(instant);
    const local = new Date(instant + offset * 60_000).toISOString().slice(0, 19);
    return `${local}${offsetText(offset)}`;
  }

  /** The day of an instant there, such as `2026-01-02`. */
  dayOf(instant: number): string {
    return this.write(instant).slice(0, 10);
  }

  /** The instant at which the wall clock there shows that. */
  at(day: string, time: string): number {
    const asUtc = Date.parse(`${day}T${time}Z`);
    const guess = asUtc - this.#offsetAt(asUtc) * 60_000;
    return asUtc - this.#offsetAt(guess) * 60_000;
  }

  #offsetAt(instant: number): number {
    const hour = Math.floor(instant / HOUR);
    const offset = this.#offsets.get(hour) ?? offsetMinutes(instant, this.zone);
    this.#offsets.set(hour, offset);
    return offset;
  }
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z)$/;

/** A date-time with an offset, or the Z that the vendor's own client writes, and without fractions; null for all else. */
export function readInstant(text: unknown): number | null {
  if (typeof text !== "string" || !DATE_TIME.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
