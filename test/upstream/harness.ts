import { CrmError } from "../../src/errors/crm-error.js";
import { CallBound, type CallBoundOptions } from "../../src/upstream/call-bound.js";
import type { Clock } from "../../src/upstream/clock.js";
import type { CallOptions, SendableRequest, UpstreamResponse, UpstreamTraits } from "../../src/upstream/request.js";
import { sendable } from "../../src/upstream/sendable.js";
import { retryAfterSeconds } from "../../src/upstream/retry-after.js";

/** A clock that tells the real time plus all that was slept, and sleeps in no time. */
export class LeapingClock implements Clock {
  readonly slept: number[] = [];
  #leaptMs = 0;

  now(): number {
    return Date.now() + this.#leaptMs;
  }

  monotonic(): number {
    return performance.now() + this.#leaptMs;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#leaptMs += ms;
  }

  leap(ms: number): void {
    this.#leaptMs += ms;
  }
}

/** A clock that stands still unless it is told to go on. */
export class StillClock implements Clock {
  readonly slept: number[] = [];
  #now = 1_000_000;
  #setByMs = 0;

  now(): number {
    return this.#now + this.#setByMs;
  }

  monotonic(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
  }

  leap(ms: number): void {
    this.#now += ms;
  }

  /** Sets the wall clock forward or back, as an operator or a time server does. */
  set(byMs: number): void {
    this.#setByMs += byMs;
  }
}

/** A CRM that speaks plain HTTP: the status says it all. */
export const plainTraits: UpstreamTraits = {
  classify({ status, headers }: UpstreamResponse): CrmError | null {
    if (status >= 200 && status < 300) return null;
    const upstream = { status };
    const asked = retryAfterSeconds(headers["retry-after"], Date.now());
    const wait = asked === undefined ? {} : { retryAfter: asked };
    if (status === 429) return new CrmError("PROVIDER_RATE_LIMITED", { upstream, ...wait });
    if (status === 401) return new CrmError("PROVIDER_AUTH_FAILED", { upstream }, { credentialRefused: true });
    if (status === 400) return new CrmError("INVALID_INPUT", { upstream });
    if ([502, 503, 504].includes(status)) return new CrmError("PROVIDER_UNAVAILABLE", { upstream, ...wait });
    return new CrmError("PROVIDER_ERROR", { upstream, ...wait });
  },
  countRecords: (body) => (Array.isArray(body) ? body.length : undefined),
  rateRules: [],
};

export type ScopeChanges = Partial<CallOptions> & Partial<Pick<CallBoundOptions, "deadline" | "signal" | "now">>;

export function scopeOf(options: ScopeChanges = {}): CallOptions {
  const { deadline = performance.now() + 60_000, signal, now = () => performance.now(), ...changes } = options;
  return {
    provider: "plain",
    origin: "http://plain.test",
    connectionId: "connection-1",
    workspaceId: "workspace-1",
    endUserId: "end-user-1",
    circuitKey: "plain connection-1",
    originKey: "plain",
    paceKey: "connection-1",
    bound: new CallBound({ deadline, signal, now }),
    remember: true,
    paced: false,
    allowPrivateHosts: true,
    ...changes,
  };
}

export function readOf(url: string): SendableRequest {
  return sendable({ method: "GET", url, safe: true });
}

export function writeTo(url: string): SendableRequest {
  return sendable({ method: "POST", url, json: { name: "Ann" }, safe: false });
}

/** The CrmError that the promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<CrmError> {
  const error = await promise.then(
    () => new Error("The call was expected to fail."),
    (reason: unknown) => reason,
  );
  if (error instanceof CrmError) return error;
  throw error;
}
