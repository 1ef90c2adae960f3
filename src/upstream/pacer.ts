import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import type { Clock } from "./clock.js";
import { MemoryLedger, type PaceLedger, type PlaceRequest } from "./pace-ledger.js";
import type { RateRule } from "./request.js";

/** Milliseconds. No answer of a CRM holds its account back for longer: it may be a mistake, and a restart would be the only cure. */
export const MAX_HOLD_MS = 15 * 60 * 1000;

/** Maximum number of stated limits in memory. */
const MAX_STATED = 10_000;
/** Milliseconds after which a call that has its place asks again before it is sent. */
const FRESH_MS = 20;
/** The share of a window in which a call may be on its way to the CRM: in a process that has much to do, it leaves late. */
const WAY_SHARE = 0.2;

type Bound = Pick<CallBound, "remainingMs" | "wait">;

/** Begins with the process's own id, because processes share windows. */
const OWN_ID = randomUUID();
let places = 0;

/** The right to send one call. */
export interface PaceTicket {
  /** Call it before the call is sent, after other waits. @throws the same as `acquire` */
  begin(bound: Bound): Promise<void>;
  /** Call it when the answer has come, or no call was sent. Never throws. */
  end(): void;
}

const NO_TICKET: PaceTicket = { begin: () => Promise.resolve(), end: () => undefined };

/**
 * Delays calls so that they stay below the CRM's documented or stated rate limits, per connected account. Its times are those
 * of the monotonic clock, so that nobody can lengthen a wait by setting the clock back.
 */
export class Pacer {
  readonly #stated = new LRUCache<string, number>({ max: MAX_STATED });
  readonly #clock: Clock;
  readonly #ledger: PaceLedger;

  /** @param ledger counts the calls, in the memory of this process by default */
  constructor(clock: Clock, ledger: PaceLedger = new MemoryLedger(() => clock.monotonic())) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /**
   * Waits until the call may be sent.
   * @throws CrmError PROVIDER_RATE_LIMITED, without a call, if the wait is longer than the bound, or if the CRM itself asked
   *   to wait for longer than SHORT_WAIT_MS; the bound's error when the caller leaves
   */
  async acquire(key: string, lane: string | undefined, rules: readonly RateRule[], bound: Bound): Promise<PaceTicket> {
    const taken: PlaceRequest[] = [];
    try {
      for (const rule of rules) if (rule.lane === lane) await this.#take(key, rule, bound, taken);
    } catch (error) {
      for (const place of taken) this.#later(() => this.#ledger.giveBack(place));
      throw error;
    }
    return taken.length === 0 ? NO_TICKET : this.#ticket(taken);
  }

  /** Blocks a lane after a refusal, for the time that the CRM requested, but not longer than MAX_HOLD_MS. */
  block(key: string, lane: string | undefined, rules: readonly RateRule[], forMs: number): void {
    for (const rule of rules) {
      if (rule.lane !== lane) continue;
      this.#later(() => this.#ledger.block(windowOf(key, rule), Math.min(forMs, MAX_HOLD_MS)));
    }
  }

  /** Uses the limit that the CRM's headers state, unless its window is longer than MAX_HOLD_MS. It depends on the account's tier. */
  learn(key: string, stated: RateRule): void {
    if (stated.perMs <= MAX_HOLD_MS) this.#stated.set(windowOf(key, stated), stated.requests);
  }

  async #take(key: string, rule: RateRule, bound: Bound, taken: PlaceRequest[]): Promise<void> {
    const window = windowOf(key, rule);
    const place: PlaceRequest = {
      window,
      place: `${OWN_ID} ${(places += 1)}`,
      rule: { ...rule, requests: this.#stated.get(window) ?? rule.requests },
      // A number that JSON has.
      maxWaitMs: Math.min(bound.remainingMs, MAX_HOLD_MS),
    };
    const taking = this.#ledger.take(place);
    // A ledger in memory needs no turn of the event loop.
    const waitMs = typeof taking === "number" ? taking : await taking;
    // Not less than: -0 is a wait that is too long for a bound that is over.
    if (waitMs < 0 || Object.is(waitMs, -0)) throw limited(-waitMs);
    taken.push(place);
    if (waitMs > 0) await bound.wait((signal) => this.#clock.sleep(waitMs, signal));
  }

  #ticket(taken: readonly PlaceRequest[]): PaceTicket {
    const takenAt = this.#clock.monotonic();
    let sentAt: number | null = null;
    return {
      begin: async (bound) => {
        if (this.#clock.monotonic() - takenAt > FRESH_MS) {
          for (const place of taken) await this.#confirm(place, bound);
        }
        sentAt = this.#clock.monotonic();
      },
      end: () => {
        for (const place of taken) {
          const { perMs } = place.rule;
          const passedMs = sentAt === null ? 0 : this.#clock.monotonic() - sentAt;
          // The CRM has got the call between its sending and its answer, and hardly so late as a slow answer comes.
          const agoMs = Math.max(0, passedMs - perMs * WAY_SHARE);
          this.#later(() => (sentAt === null ? this.#ledger.giveBack(place) : this.#ledger.end(place, agoMs)));
        }
      },
    };
  }

  async #confirm(place: PlaceRequest, bound: Bound): Promise<void> {
    for (;;) {
      const waitMs = await this.#ledger.confirm(place);
      if (waitMs <= 0) return;
      if (waitMs >= bound.remainingMs) throw limited(waitMs);
      await bound.wait((signal) => this.#clock.sleep(waitMs, signal));
    }
  }

  /** Nobody waits for it. A ledger that is away is the ledger's own matter, and never rejects. */
  #later(work: () => Promise<void> | void): void {
    void work();
  }
}

function limited(waitMs: number): CrmError {
  return new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: waitMs / 1000, outcome: "NOT_SENT" });
}

function windowOf(key: string, rule: RateRule): string {
  return `${key} ${rule.lane ?? ""} ${rule.perMs}`;
}
