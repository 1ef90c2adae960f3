import type { FastifyReply, FastifyRequest } from "fastify";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { RequestLimits } from "../../kit/request-limits.js";
import type { PipedriveAccount } from "./account.js";
import { limitReached } from "./errors.js";

/** Calls per token in two seconds, on the Lite plan. */
export const BURST = { oauth: 80, apiToken: 20, search: 10 };
const WINDOW_MS = 2_000;
const DAY_MS = 86_400_000;
/** Number of tokens that all calls of a company may cost in a day: 30,000 for each seat of the plan. */
const DAILY_TOKENS = 30_000;

/** Cost of calls in tokens. Source: developers.pipedrive.com, "Cost" of each endpoint. */
const COSTS: Readonly<Record<string, number>> = {
  "GET /persons": 10,
  "GET /persons/:id": 1,
  "POST /persons": 5,
  "PATCH /persons/:id": 5,
  "DELETE /persons/:id": 3,
  "GET /persons/search": 20,
  "GET /activities": 10,
  "GET /activities/:id": 1,
  "POST /activities": 5,
  "PATCH /activities/:id": 5,
  "DELETE /activities/:id": 3,
  "GET /organizations": 10,
  "GET /organizations/:id": 1,
  "GET /leads": 20,
  "GET /leads/archived": 40,
  "GET /leads/:id": 2,
  "POST /leads": 10,
  "PATCH /leads/:id": 10,
  "DELETE /leads/:id": 6,
  "GET /leads/search": 20,
  "GET /leadLabels": 10,
  "GET /users": 20,
  "GET /users/me": 2,
};
/** The cost of an endpoint whose cost is not known. */
const UNKNOWN_COST = 20;

/** The caller. Each kind of token has its own limit. */
export interface Caller {
  account: PipedriveAccount;
  token: string;
  isApiToken: boolean;
}

/** The two limits: the burst limit of a token, and the daily budget of a company. */
export class CallLimits {
  readonly #bursts: RequestLimits;
  readonly #now: () => number;
  readonly #days = new Map<string, { day: number; used: number }>();

  constructor(options: SandboxCrmOptions) {
    this.#bursts = new RequestLimits(options);
    this.#now = () => options.now();
  }

  /** @throws Refusal 429 */
  take({ account, token, isApiToken }: Caller, request: FastifyRequest, reply: FastifyReply): void {
    const path = (request.routeOptions.url ?? "").replace(/^\/(api\/)?v\d/, "");
    const isSearch = path.endsWith("/search");
    const requests = BURST[isSearch ? "search" : isApiToken ? "apiToken" : "oauth"];
    const burst = this.#bursts.take(`${token} ${isSearch}`, { requests, perMs: WINDOW_MS });
    const headers = {
      "x-ratelimit-limit": String(burst.max),
      "x-ratelimit-remaining": String(burst.remaining),
      "x-ratelimit-reset": String(Math.ceil(burst.resetsInMs / 1000)),
    };
    void reply.headers(headers);
    const left = this.#spend(account.name, COSTS[`${request.method} ${path}`] ?? UNKNOWN_COST);
    if (isApiToken && request.method !== "GET") {
      void reply.header("x-daily-requests-left", String(Math.max(0, left)));
    }
    if (left < 0 && this.#bursts.isEnforced) throw limitReached({ "x-daily-ratelimit-token-remaining": "0" });
    if (burst.isExceeded) throw limitReached(headers);
  }

  /** Spends tokens of the daily budget. Returns the remaining tokens, which are negative if the budget was exceeded. */
  #spend(account: string, tokens: number): number {
    const day = Math.floor(this.#now() / DAY_MS);
    const known = this.#days.get(account);
    const budget = known?.day === day ? known : { day, used: 0 };
    budget.used += tokens;
    this.#days.set(account, budget);
    return DAILY_TOKENS - budget.used;
  }
}
