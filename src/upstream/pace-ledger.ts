import { LRUCache } from "lru-cache";
import type { RateRule } from "./request.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

/** A place in a window: the right to send one call. */
export interface PlaceRequest {
  /** Names the window: account, lane and length. */
  window: string;
  /** Names the place. Unique. */
  place: string;
  rule: RateRule;
  /** Milliseconds. If the wait would not be shorter, no place is taken. */
  maxWaitMs: number;
}

/** Counts the calls in windows that slide. Each call has a place from the moment on in which the CRM may have got it. */
export interface PaceLedger {
  /**
   * @returns milliseconds until the call may be sent. Negative: the wait is too long, or the window is blocked for longer than
   *   SHORT_WAIT_MS. No place was taken, and so many milliseconds are to be waited.
   */
  take(request: PlaceRequest): Promise<number> | number;
  /**
   * Moves a place to the present, when its call is sent.
   * @returns milliseconds that the call must still wait, because earlier ones were sent later than planned
   */
  confirm(request: PlaceRequest): Promise<number> | number;
  /** Moves a place to the last moment in which the CRM may have got the call, `agoMs` milliseconds ago. */
  end(request: PlaceRequest, agoMs: number): Promise<void> | void;
  /** The call was not sent. */
  giveBack(request: PlaceRequest): Promise<void> | void;
  /** Another ledger has given the place, which begins in `waitMs` milliseconds. */
  note(request: PlaceRequest, waitMs: number): Promise<void> | void;
  /** Nothing may be sent for so many milliseconds. */
  block(window: string, forMs: number): Promise<void> | void;
}

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

  confirm(request: PlaceRequest): Promise<number> | number {
    return this.#ledger.confirm(this.#divided(request));
  }

  end(request: PlaceRequest, agoMs: number): Promise<void> | void {
    return this.#ledger.end(this.#divided(request), agoMs);
  }

  giveBack(request: PlaceRequest): Promise<void> | void {
    return this.#ledger.giveBack(this.#divided(request));
  }

  note(request: PlaceRequest, waitMs: number): Promise<void> | void {
    return this.#ledger.note(this.#divided(request), waitMs);
  }

  block(window: string, forMs: number): Promise<void> | void {
    return this.#ledger.block(window, forMs);
  }

  #divided({ rule, ...request }: PlaceRequest): PlaceRequest {
    return { ...request, rule: { ...rule, requests: Math.max(1, Math.floor(rule.requests / this.#processes)) } };
  }
}

/** Maximum number of windows in memory. Without a window, the CRM enforces its limit. */
const MAX_WINDOWS = 10_000;

interface Place {
  id: string;
  /** From when on the call may be sent; after its end, when that was. */
  at: number;
}

/** The windows in the memory of one process. Its times are those of the monotonic clock. */
export class MemoryLedger implements PaceLedger {
  /** The places of a window, oldest first. */
  readonly #windows = new LRUCache<string, Place[]>({ max: MAX_WINDOWS });
  /** When the bucket of a window is full again. */
  readonly #buckets = new LRUCache<string, number>({ max: MAX_WINDOWS });
  /** Until when windows are blocked. */
  readonly #blocks = new LRUCache<string, number>({ max: MAX_WINDOWS });
  readonly #monotonic: () => number;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  take(request: PlaceRequest): number {
    const { window, rule, maxWaitMs } = request;
    const now = this.#monotonic();
    const blockedUntil = this.#blocks.get(window) ?? -Infinity;
    const waitMs = Math.max(now, blockedUntil, this.#freeAt(window, rule, now)) - now;
    if (waitMs >= maxWaitMs || blockedUntil - now > SHORT_WAIT_MS) return -waitMs;
    this.note(request, waitMs);
    return waitMs;
  }

  note({ window, place, rule }: PlaceRequest, waitMs: number): void {
    const now = this.#monotonic();
    if (rule.isBucket) {
      const fullAt = Math.max(this.#buckets.get(window) ?? -Infinity, now + waitMs);
      this.#buckets.set(window, fullAt + rule.perMs / rule.requests);
    } else insert(this.#placesOf(window, now - rule.perMs), { id: place, at: now + waitMs });
  }

  confirm({ window, place, rule }: PlaceRequest): number {
    // A token is taken once, and late calls find more of them.
    if (rule.isBucket) return 0;
    const now = this.#monotonic();
    const places = this.#placesOf(window, now - rule.perMs);
    const rank = indexOf(places, place);
    if (rank >= 0) places.splice(rank, 1);
    // All that may have been sent by now, in whatever order it was planned.
    const sent = places.findLastIndex(({ at }) => at <= now) + 1;
    const blocking = places[sent - rule.requests];
    const at = blocking === undefined ? now : Math.max(now, blocking.at + rule.perMs);
    insert(places, { id: place, at });
    return at - now;
  }

  end({ window, place, rule }: PlaceRequest, agoMs: number): void {
    if (rule.isBucket) return;
    const now = this.#monotonic();
    const places = this.#placesOf(window, now - rule.perMs);
    const rank = indexOf(places, place);
    if (rank >= 0) places.splice(rank, 1);
    if (agoMs < rule.perMs) insert(places, { id: place, at: now - agoMs });
  }

  giveBack({ window, place, rule }: PlaceRequest): void {
    const fullAt = this.#buckets.get(window);
    if (rule.isBucket && fullAt !== undefined) this.#buckets.set(window, fullAt - rule.perMs / rule.requests);
    const places = this.#windows.get(window);
    const rank = places ? indexOf(places, place) : -1;
    if (rank >= 0) places!.splice(rank, 1);
  }

  block(window: string, forMs: number): void {
    const until = this.#monotonic() + forMs;
    this.#blocks.set(window, Math.max(this.#blocks.get(window) ?? -Infinity, until));
  }

  /** When the rule allows the next call. */
  #freeAt(window: string, rule: RateRule, now: number): number {
    const { requests, perMs, isBucket } = rule;
    // A bucket has a token for this call once it lacks at most all the others.
    if (isBucket) return (this.#buckets.get(window) ?? -Infinity) - perMs * ((requests - 1) / requests);
    const blocking = this.#placesOf(window, now - perMs).at(-requests);
    return blocking === undefined ? -Infinity : blocking.at + perMs;
  }

  /** The places of a window without those that have left it. */
  #placesOf(window: string, until: number): Place[] {
    let places = this.#windows.get(window);
    if (!places) this.#windows.set(window, (places = []));
    const first = places.findIndex(({ at }) => at > until);
    places.splice(0, first < 0 ? places.length : first);
    return places;
  }
}

/** A limit that has grown lets later calls go before earlier ones, so the place is searched. */
function insert(places: Place[], place: Place): void {
  places.splice(places.findLastIndex(({ at }) => at <= place.at) + 1, 0, place);
}

function indexOf(places: readonly Place[], id: string): number {
  return places.findLastIndex((place) => place.id === id);
}
