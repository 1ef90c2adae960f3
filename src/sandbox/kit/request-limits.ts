import { LRUCache } from "lru-cache";
import type { SandboxCrmOptions } from "./crm.js";
import { RequestWindow } from "./request-window.js";

/** Far out of reach, so that a caller who paces itself by the headers is not slowed down. */
const OUT_OF_REACH = 1_000_000_000;
const MAX_WINDOWS = 10_000;

export interface RequestLimit {
  readonly requests: number;
  /** Length of the interval in ms, which begins with its first request. */
  readonly perMs: number;
}

/** What is left of a limit after a request was counted. */
export interface LimitUse {
  readonly max: number;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** Whether the request is one too many; never where limits are only reported. */
  readonly isExceeded: boolean;
}

/** The request limits of one server, counted by keys such as an account's name. */
export class RequestLimits {
  readonly isEnforced: boolean;
  readonly #now: () => number;
  readonly #windows = new LRUCache<string, RequestWindow>({ max: MAX_WINDOWS });

  constructor({ limits, now }: Pick<SandboxCrmOptions, "limits" | "now">) {
    this.isEnforced = limits === "enforce";
    this.#now = () => now();
  }

  /** Counts a request, or one that costs as much as several. */
  take(key: string, { requests, perMs }: RequestLimit, cost = 1): LimitUse {
    const now = this.#now();
    const window = this.#windows.get(key) ?? new RequestWindow(this.isEnforced ? requests : OUT_OF_REACH, perMs);
    this.#windows.set(key, window);
    const fits = window.take(now, cost);
    const { max, remaining } = window;
    return { max, remaining, resetsInMs: window.resetsIn(now), isExceeded: this.isEnforced && !fits };
  }
}
