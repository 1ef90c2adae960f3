import { randomUUID } from "node:crypto";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import type { Clock } from "./clock.js";
import { MAX_HOLD_MS, type PaceLedger, type PlaceRequest } from "./pace-ledger.js";
import type { RateRule } from "./request.js";

/** The share of a window after which the CRM has certainly got a request that was handed over to its connection. */
const WAY_SHARE = 0.1;
/** Milliseconds of the caller's time that are kept for the answer, or a tenth of that time if this is shorter. */
const ANSWER_MS = 1_000;
/** Seconds after which a caller may try again whose time ended before its turn. */
const AGAIN_S = 1;

type Bound = Pick<CallBound, "remainingMs" | "wait" | "isTimeEnd">;

/** Begins with the process's own id, because processes share windows. */
const OWN_ID = randomUUID();
let places = 0;

export interface PacedWindow {
  window: string;
  /** Its rule by now. */
  rule: () => RateRule;
}

export interface PaceTurnOptions {
  /** The windows in which the call needs a place. */
  windows: readonly PacedWindow[];
  ledger: PaceLedger;
  clock: Clock;
  leaseMs: number;
}

/** A place of the call in one window. */
interface Place {
  window: PacedWindow;
  request: PlaceRequest;
  isTaken: boolean;
}

/**
 * The turn of one call at the limits of its account, for each of its attempts:
 *
 * `begin` just before the attempt, after all other waits. Then `sent` and `end`; or `wait`, and `begin` again. At last `leave`.
 */
export class PaceTurn {
  readonly #options: PaceTurnOptions;
  #places: Place[] = [];
  #waitedMs = 0;
  /** When the last attempt began. */
  #begunAt: number | null = null;
  #onItsWay: NodeJS.Timeout | undefined;

  constructor(options: PaceTurnOptions) {
    this.#options = options;
  }

  /**
   * Asks whether the call may be sent now.
   * @param maxWaitMs milliseconds. A longer wait is refused.
   * @returns 0 if it may; otherwise milliseconds to `wait` before the next question
   * @throws CrmError PROVIDER_RATE_LIMITED if the wait is longer than the bound, or if the CRM itself asked to wait for longer
   *   than SHORT_WAIT_MS
   */
  async begin(bound: Bound, maxWaitMs = MAX_HOLD_MS): Promise<number> {
    const { clock } = this.#options;
    const askedAt = clock.monotonic();
    try {
      return await this.#takeAll(Math.min(bound.remainingMs - forAnswer(bound), maxWaitMs, MAX_HOLD_MS));
    } finally {
      this.#begunAt = clock.monotonic();
      this.#waitedMs += this.#begunAt - askedAt;
    }
  }

  /** Waits after `begin`. @throws CrmError PROVIDER_RATE_LIMITED if the time of the bound ends; its error when the caller leaves */
  async wait(waitMs: number, bound: Bound): Promise<void> {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const passedMs = () => clock.monotonic() - startedAt;
    try {
      // Timers of Node.js end up to 1 ms early.
      await bound.wait((signal) => clock.sleep(Math.ceil(waitMs), signal));
    } catch (error) {
      throw bound.isTimeEnd(error) ? limited(Math.max(AGAIN_S, (waitMs - passedMs()) / 1000)) : error;
    } finally {
      this.#waitedMs += passedMs();
    }
  }

  /** The request of the attempt has been handed over to its connection. If no answer comes soon, the CRM has got it nevertheless. */
  sent(): void {
    if (this.#places.length === 0) return;
    const shortest = Math.min(...this.#places.map(({ request }) => request.rule.perMs));
    clearTimeout(this.#onItsWay);
    this.#onItsWay = setTimeout(() => this.#arrive(), shortest * WAY_SHARE).unref();
  }

  /** The attempt has ended. @param wasSent whether the CRM may have got it */
  end(wasSent: boolean): void {
    clearTimeout(this.#onItsWay);
    if (wasSent) this.#arrive();
    else this.leave();
  }

  /** Gives back what was not used. Never throws. */
  leave(): void {
    for (const { request } of this.#places.splice(0)) void this.#options.ledger.giveBack(request);
  }

  /**
   * The error of a call whose bound ended. If it waited for its turn for longer than for the CRM, this is no fault of the CRM's.
   * @param isSent whether its attempt was under way
   */
  atTheEnd(error: CrmError, isSent: boolean): CrmError {
    const crmMs = isSent && this.#begunAt !== null ? this.#options.clock.monotonic() - this.#begunAt : 0;
    if (this.#waitedMs <= crmMs) return error;
    return isSent ? new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: AGAIN_S }) : limited(AGAIN_S);
  }

  async #takeAll(maxWaitMs: number): Promise<number> {
    if (this.#places.length === 0) this.#places = this.#options.windows.map((window) => this.#placeIn(window));
    for (const place of this.#places) {
      Object.assign(place.request, { maxWaitMs, rule: place.window.rule() });
      const asked = this.#options.ledger.take(place.request);
      // The ledger in this process answers at once.
      const waitMs = typeof asked === "number" ? asked : await asked;
      if (waitMs === 0 && !Object.is(waitMs, -0)) {
        place.isTaken = true;
        continue;
      }
      place.request.hasWaited = true;
      this.#giveBackTaken();
      if (waitMs > 0) return waitMs;
      throw limited(-waitMs / 1000);
    }
    return 0;
  }

  #placeIn(paced: PacedWindow): Place {
    const { leaseMs } = this.#options;
    const place = `${OWN_ID} ${(places += 1)}`;
    const whose = { window: paced.window, place, process: OWN_ID, rule: paced.rule() };
    return { window: paced, request: { ...whose, hasWaited: false, maxWaitMs: 0, leaseMs }, isTaken: false };
  }

  /** A call that waits for one window must not use a place in another one. */
  #giveBackTaken(): void {
    for (const place of this.#places) {
      if (!place.isTaken) continue;
      void this.#options.ledger.giveBack(place.request);
      place.isTaken = false;
    }
  }

  #arrive(): void {
    for (const { request } of this.#places.splice(0)) void this.#options.ledger.end(request);
  }
}

function forAnswer({ remainingMs }: Bound): number {
  return Math.min(ANSWER_MS, remainingMs / 10);
}

function limited(retryAfter: number): CrmError {
  return new CrmError("PROVIDER_RATE_LIMITED", { retryAfter, outcome: "NOT_SENT" });
}
