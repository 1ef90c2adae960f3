import type { FastifyReply } from "fastify";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import type { HubSpotAccount } from "./account.js";
import { type LimitPolicy, rateLimited } from "./errors.js";

const SECOND = 1000;
const BURST_INTERVAL = 10 * SECOND;
const DAY = 24 * 60 * 60 * SECOND;

const MAXIMA = {
  enforce: { burst: 100, search: 5, daily: 250_000 },
  // Far out of reach, so that a caller who paces itself by the headers is not slowed down.
  report: { burst: 100_000, search: 100_000, daily: 1_000_000_000 },
};

interface AccountWindows {
  burst: RequestWindow;
  search: RequestWindow;
  daily: RequestWindow;
}

/** The request limits of every account of one server. */
export class RequestLimits {
  readonly #mode: SandboxCrmOptions["limits"];
  readonly #now: () => number;
  readonly #windows = new WeakMap<HubSpotAccount, AccountWindows>();

  constructor({ limits, now }: SandboxCrmOptions) {
    this.#mode = limits;
    this.#now = now;
  }

  /** Search has a budget of its own and reports nothing of it. */
  takeSearch(account: HubSpotAccount): void {
    this.#take(this.#windowsOf(account).search, "SECONDLY");
  }

  take(account: HubSpotAccount, reply: FastifyReply, isOAuth: boolean): void {
    const { burst, daily } = this.#windowsOf(account);
    const fitsDay = daily.take(this.#now());
    const fitsBurst = burst.take(this.#now());
    void reply.headers(burstHeaders(burst.max, burst.remaining));
    if (!isOAuth) {
      void reply.headers({
        "X-HubSpot-RateLimit-Daily": daily.max,
        "X-HubSpot-RateLimit-Daily-Remaining": daily.remaining,
      });
    }
    if (this.#mode === "report") return;
    if (!fitsDay) throw rateLimited("DAILY");
    if (!fitsBurst) throw rateLimited("TEN_SECONDLY_ROLLING");
  }

  #take(window: RequestWindow, policy: LimitPolicy): void {
    if (!window.take(this.#now()) && this.#mode === "enforce") throw rateLimited(policy);
  }

  #windowsOf(account: HubSpotAccount): AccountWindows {
    const known = this.#windows.get(account);
    if (known) return known;
    const { burst, search, daily } = MAXIMA[this.#mode];
    const windows = {
      burst: new RequestWindow(burst, BURST_INTERVAL),
      search: new RequestWindow(search, SECOND),
      daily: new RequestWindow(daily, DAY),
    };
    this.#windows.set(account, windows);
    return windows;
  }
}

function burstHeaders(max: number, remaining: number): Record<string, number> {
  return {
    "X-HubSpot-RateLimit-Max": max,
    "X-HubSpot-RateLimit-Remaining": remaining,
    "X-HubSpot-RateLimit-Interval-Milliseconds": BURST_INTERVAL,
  };
}

/** The headers of an account that has used its burst up. */
export function exhaustedHeaders(): Record<string, number> {
  return burstHeaders(MAXIMA.enforce.burst, 0);
}
