import type { FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import { rateLimited } from "./errors.js";

interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

/** What has been seen; Close publishes none, and has others besides. */
const SEARCHES: Limit = { requests: 16, perMs: 1_000 };
const OTHERS: Limit = { requests: 160, perMs: 8_000 };
/** Far out of reach, so that a caller who paces itself by the header is not slowed down. */
const OUT_OF_REACH = 100_000;
/** An organization may do so many times what one of its keys may. */
const KEYS_PER_ORGANIZATION = 3;
const MAX_WINDOWS = 10_000;

/** The limits of one server: by endpoint group, for every credential and for every organization. */
export class RequestLimits {
  readonly #mode: SandboxCrmOptions["limits"];
  readonly #now: () => number;
  readonly #windows = new LRUCache<string, RequestWindow>({ max: MAX_WINDOWS });

  constructor({ limits, now }: SandboxCrmOptions) {
    this.#mode = limits;
    this.#now = () => now();
  }

  /** Counts a request and states in its answer the limit that is closest. @throws CloseError */
  take(request: FastifyRequest, reply: FastifyReply, who: { credential: string; organization: string }): void {
    const now = this.#now();
    const group = `${request.method} ${request.routeOptions.url ?? ""}`;
    const { requests, perMs } = group.endsWith("/search/") ? SEARCHES : OTHERS;
    const max = this.#mode === "enforce" ? requests : OUT_OF_REACH;
    const windows = [
      this.#window(`${who.credential} ${group}`, max, perMs),
      this.#window(`${who.organization} ${group}`, max * KEYS_PER_ORGANIZATION, perMs),
    ];
    const fits = windows.map((window) => window.take(now));
    const closest = windows.toSorted((one, other) => one.remaining - other.remaining)[0]!;
    const reset = closest.resetsIn(now) / 1000;
    void reply.header("ratelimit", `limit=${closest.max}, remaining=${closest.remaining}, reset=${reset}`);
    if (this.#mode === "enforce" && fits.includes(false)) throw rateLimited(closest.max, reset);
  }

  #window(key: string, max: number, perMs: number): RequestWindow {
    const known = this.#windows.get(key) ?? new RequestWindow(max, perMs);
    this.#windows.set(key, known);
    return known;
  }
}
