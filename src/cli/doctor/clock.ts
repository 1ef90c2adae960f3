import type { Finding } from "./finding.js";

/** Another clock, read once. All times are in milliseconds since 1970. */
export interface ClockReading {
  /** Whose clock it is. */
  source: string;
  /** The other clock's time. */
  theirs: number;
  /** Milliseconds by which `theirs` may be rounded down: 1000 for the header `Date`. */
  resolutionMs: number;
  /** Our time just before the other clock was asked, and just after its answer came. */
  sentAt: number;
  receivedAt: number;
}

/** Milliseconds. Access tokens are renewed a minute before they expire, by this machine's clock. */
const TOLERATED_MS = 5_000;
const TOO_MUCH_MS = 60_000;

/** Compares this machine's clock with others. */
export function clockFinding(readings: readonly ClockReading[]): Finding {
  if (readings.length === 0) {
    return { check: "clock", status: "skipped", message: "There is no other clock to compare with" };
  }
  const worst = readings
    .map((reading) => ({ source: reading.source, ms: aheadMs(reading) }))
    .reduce((a, b) => (Math.abs(b.ms) > Math.abs(a.ms) ? b : a));
  const off = Math.abs(worst.ms);
  if (off <= TOLERATED_MS) {
    const sources = readings.map(({ source }) => source).join(", ");
    return { check: "clock", status: "ok", message: `The clock agrees with ${sources}` };
  }
  return {
    check: "clock",
    status: off > TOO_MUCH_MS ? "failed" : "warning",
    message: `The clock is at least ${Math.round(off / 1000)} s ${worst.ms > 0 ? "ahead of" : "behind"} ${worst.source}`,
    advice: "Set the clock of the machine that is wrong by NTP: tokens expire too early or too late otherwise.",
  };
}

/** At least so many milliseconds is our clock ahead; negative if it is behind. 0 if the clocks may agree. */
function aheadMs({ theirs, resolutionMs, sentAt, receivedAt }: ClockReading): number {
  if (sentAt > theirs + resolutionMs) return sentAt - theirs - resolutionMs;
  return receivedAt < theirs ? receivedAt - theirs : 0;
}
