import { jest } from "@jest/globals";

/** Everything that jest can fake but the date: the network goes on as ever. */
const REAL = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
] as const;

/** Stops `Date` at this instant; the tests move it. */
export function stopClock(): void {
  jest.useFakeTimers({ doNotFake: [...REAL], now: Date.now() });
}

export function moveClock(ms: number): void {
  jest.setSystemTime(Date.now() + ms);
}

export function startClock(): void {
  jest.useRealTimers();
}
