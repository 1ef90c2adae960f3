import type { FastifyReply } from "fastify";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import type { Caller } from "./credentials.js";
import { limitReached } from "./errors.js";

/** Calls per token in two seconds, on the Lite plan. */
export const BURST = { oauth: 80, apiToken: 20, search: 10 };
const WINDOW_MS = 2_000;
const DAY_MS = 86_400_000;
/** Tokens that all calls of a company may cost in a day: 30,000 for the plan and each of its seats. */
const DAILY_TOKENS = 30_000;
/** Far out of reach, so that a caller who paces itself by the headers is not slowed down. */
const UNREACHED = 1_000_000_000;

export interface Cost {
  tokens: number;
  isSearch: boolean;
  isWrite: boolean;
}

/** The two ceilings: a burst per token, and a budget per company and day. */
export class RequestLimits {
  readonly #enforced: boolean;
  readonly #now: () => number;
  readonly #bursts = new Map<string, RequestWindow>();
  readonly #days = new Map<string, { day: number; used: number }>();

  constructor({ limits, now }: SandboxCrmOptions) {
    this.#enforced = limits === "enforce";
    this.#now = now;
  }

  /** @throws PipedriveError 429 */
  take({ account, token, isApiToken }: Caller, { tokens, isSearch, isWrite }: Cost, reply: FastifyReply): void {
    const now = this.#now();
    const kind = isSearch ? "search" : isApiToken ? "apiToken" : "oauth";
    const burst = this.#burst(`${token} ${isSearch}`, this.#enforced ? BURST[kind] : UNREACHED);
    const fits = burst.take(now);
    const headers = {
      "x-ratelimit-limit": String(burst.max),
      "x-ratelimit-remaining": String(burst.remaining),
      "x-ratelimit-reset": String(Math.ceil(burst.resetsIn(now) / 1000)),
    };
    void reply.headers(headers);
    const left = this.#spend(account, tokens, now);
    if (isApiToken && isWrite) void reply.header("x-daily-requests-left", String(Math.max(0, left)));
    if (!this.#enforced) return;
    if (left < 0) throw limitReached({ "x-daily-ratelimit-token-remaining": "0" });
    if (!fits) throw limitReached(headers);
  }

  #burst(key: string, max: number): RequestWindow {
    const known = this.#bursts.get(key) ?? new RequestWindow(max, WINDOW_MS);
    this.#bursts.set(key, known);
    return known;
  }

  /** What is left of the day's budget; below zero when it does not suffice. */
  #spend(account: string, tokens: number, now: number): number {
    const day = Math.floor(now / DAY_MS);
    const known = this.#days.get(account);
    const budget = known?.day === day ? known : { day, used: 0 };
    budget.used += tokens;
    this.#days.set(account, budget);
    return DAILY_TOKENS - budget.used;
  }
}
