import { offsetMinutes, offsetText } from "../../kit/time-zone.js";

const HOUR = 60 * 60 * 1000;

/** Date-times in one time zone. */
export class ZoneClock {
  /** Hour since the epoch → offset in minutes. Offsets change only at whole hours. */
  readonly #offsets = new Map<number, number>();

  constructor(readonly zone: string) {}

  /** Writes an instant, e.g. `2026-01-02T10:00:00+01:00`. */
  write(instant: number): string {
    const offset = this.#offsetAt(instant);
    const local = new Date(instant + offset * 60_000).toISOString().slice(0, 19);
    return `${local}${offsetText(offset)}`;
  }

  /** Returns the day of an instant in this zone, e.g. `2026-01-02`. */
  dayOf(instant: number): string {
    return this.write(instant).slice(0, 10);
  }

  /** Returns the instant at which local clocks in this zone show the day and the time. */
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

/**
 * Reads a date-time without fractions, with an offset or with the Z that the vendor's own client writes. Null for other
 * texts.
 */
export function readInstant(text: unknown): number | null {
  if (typeof text !== "string" || !DATE_TIME.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
