import { setImmediate as turn } from "node:timers/promises";
import { systemClock, type Clock } from "../../src/upstream/clock.js";

/** Tells the date. Its monotonic time stands still unless a test moves it, and its pauses end at once. */
export class MovedClock implements Clock {
  #monotonic = 1_000;

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return turn(undefined, signal ? { signal } : {});
  }

  move(ms: number): void {
    this.#monotonic += ms;
  }
}
