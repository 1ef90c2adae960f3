import type { RateRule } from "./request.js";

/** A place in a window: the right to send one call. */
export interface PlaceRequest {
  /** Names the window: account, lane and length. */
  window: string;
  /** Names the place. Unique. */
  place: string;
  /** Names the process. While calls wait, those of each process have equal shares. */
  process: string;
  /** True if it was told to wait before. */
  hasWaited: boolean;
  rule: RateRule;
  /** Milliseconds. If the wait would not be shorter, no place is taken. */
  maxWaitMs: number;
  /** Milliseconds after which the call has certainly ended. Then the place of a process that has died becomes free. */
  leaseMs: number;
}

/**
 * Counts the calls of all that share a limit. Nobody knows when exactly the CRM counts a call: it does so between the moment
 * in which the call may be sent (`take` returns 0) and the one in which the CRM has certainly got it (`end`). A place is
 * used from the first moment on until a window after the second one. So the CRM never counts more calls in any of its
 * windows than the rule allows, however long calls are on their way, and wherever the CRM's windows begin.
 */
export interface PaceLedger {
  /**
   * Asks whether a call may be sent now. It must then be sent at once.
   * @returns 0 if it may. Positive: milliseconds after which to ask again; until then, the place keeps its turn. Negative:
   *   the wait is too long, or the window is blocked for longer than SHORT_WAIT_MS; no place is kept, and so many
   *   milliseconds are to be waited.
   */
  take(request: PlaceRequest): Promise<number> | number;
  /** The CRM has got the call by now. */
  end(request: PlaceRequest): Promise<void> | void;
  /** The call was not sent, and will not be. */
  giveBack(request: PlaceRequest): Promise<void> | void;
  /** Another ledger has let the call be sent. */
  note(request: PlaceRequest): Promise<void> | void;
  /** Nothing may be sent for so many milliseconds. */
  block(window: string, forMs: number): Promise<void> | void;
}

/** Milliseconds. No answer of a CRM holds its account back for longer: it may be a mistake, and a restart would be the only cure. */
export const MAX_HOLD_MS = 15 * 60 * 1000;

/** Milliseconds after the end of its wait for which a place keeps its turn, in a process that has much to do. */
export const GRACE_MS = 1_000;

/** Each of several processes that do not count together takes its share of every limit. */
export class DividedLedger implements PaceLedger {
  readonly #ledger: PaceLedger;
  readonly #processes: number;

  constructor(ledger: PaceLedger, processes: number) {
    this.#ledger = ledger;
    this.#processes = processes;
  }

  take(request: PlaceRequest): Promise<number> | number {
    return this.#ledger.take(this.#divided(request));
  }

  end(request: PlaceRequest): Promise<void> | void {
    return this.#ledger.end(this.#divided(request));
  }

  giveBack(request: PlaceRequest): Promise<void> | void {
    return this.#ledger.giveBack(this.#divided(request));
  }

  note(request: PlaceRequest): Promise<void> | void {
    return this.#ledger.note(this.#divided(request));
  }

  block(window: string, forMs: number): Promise<void> | void {
    return this.#ledger.block(window, forMs);
  }

  #divided({ rule, ...request }: PlaceRequest): PlaceRequest {
    return { ...request, rule: { ...rule, requests: Math.max(1, Math.floor(rule.requests / this.#processes)) } };
  }
}
