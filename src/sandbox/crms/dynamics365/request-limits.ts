import type { FastifyReply } from "fastify";
import type { SandboxCrmOptions } from "../../kit/crm.js";
import { RequestWindow } from "../../kit/request-window.js";
import { tooManyRequests } from "./errors.js";
import type { Org } from "./org.js";

/** 6000 requests of a user in five minutes. Source: learn.microsoft.com, "Service protection API limits". */
const WINDOW_MS = 300_000;
const MAXIMA = { enforce: 6000, report: 1_000_000 };
/** Milliseconds of execution in the same time, of which nothing is spent here. */
const TIME_MS = 1_200_000;

/** The service protection limits of every environment of one server. */
export class RequestLimits {
  readonly #options: Pick<SandboxCrmOptions, "limits" | "now">;
  readonly #windows = new WeakMap<Org, RequestWindow>();

  constructor(options: Pick<SandboxCrmOptions, "limits" | "now">) {
    this.#options = options;
  }

  /** @throws DataverseError when there were too many */
  take(org: Org, reply: FastifyReply): void {
    const { limits, now } = this.#options;
    let window = this.#windows.get(org);
    if (!window) this.#windows.set(org, (window = new RequestWindow(MAXIMA[limits], WINDOW_MS)));
    const fits = window.take(now());
    void reply.headers({
      "x-ms-ratelimit-burst-remaining-xrm-requests": window.remaining,
      "x-ms-ratelimit-time-remaining-xrm-requests": TIME_MS,
    });
    if (!fits && limits === "enforce") throw tooManyRequests(Math.ceil(window.resetsIn(now()) / 1000));
  }
}
