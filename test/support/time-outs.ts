import { jest } from "@jest/globals";

/** Everything that jest can fake but the timers of HTTP clients: connections, dates and the rest go on as ever. */
const REAL = [
  "Date",
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
] as const;

/**
 * Runs calls that are never answered without waiting for their time-outs, however slow the machine is.
 *
 * @param run is given what lets `ms` pass for every timer set meanwhile; to be called when a call is known to wait
 */
export async function passTimeouts<Result>(ms: number, run: (pass: () => void) => Promise<Result>): Promise<Result> {
  jest.useFakeTimers({ doNotFake: [...REAL] });
  try {
    return await run(() => void jest.advanceTimersByTime(ms));
  } finally {
    jest.useRealTimers();
  }
}
