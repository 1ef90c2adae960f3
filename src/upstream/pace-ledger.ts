import { LRUCache } from "lru-cache";
import type { RateRule } from "./request.js";

/** A place in a window: the right to send one call. */
export interface PlaceRequest {
  /** Names the window: account, lane and length. */
  window: string;
  /** Names the place. Unique. */
  place: string;
  rule: RateRule;
  /** Milliseconds. If the wait would be longer, no place is taken. */
  maxWaitMs: number;
}

/** Counts the calls in windows that slide. Each call has a place from the moment on in which the CRM may have got it. */
export interface PaceLedger {
  /** @returns milliseconds until the call may be sent; more than `maxWaitMs`: no place was taken */
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
  /** Until when windows are blocked. */
  readonly #blocks = new LRUCache<string, number>({ max: MAX_WINDOWS });
  readonly #monotonic: () => number;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  take({ window, place, rule, maxWaitMs }: PlaceRequest): number {
    const now = this.#monotonic();
    const places = this.#placesOf(window, now - rule.perMs);
    const blocking = places.at(-rule.requests);
    const freeAt = blocking === undefined ? now : Math.max(now, blocking.at + rule.perMs);
    const at = Math.max(freeAt, this.#blocks.get(window) ?? -Infinity);
    const waitMs = at - now;
    if (waitMs <= maxWaitMs) insert(places, { id: place, at });
    return waitMs;
  }

  confirm({ window, place, rule }: PlaceRequest): number {
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
    const now = this.#monotonic();
    const places = this.#placesOf(window, now - rule.perMs);
    const rank = indexOf(places, place);
    if (rank >= 0) places.splice(rank, 1);
    if (agoMs < rule.perMs) insert(places, { id: place, at: now - agoMs });
  }

  giveBack({ window, place }: PlaceRequest): void {
    const places = this.#windows.get(window);
    const rank = places ? indexOf(places, place) : -1;
    if (rank >= 0) places!.splice(rank, 1);
  }

  block(window: string, forMs: number): void {
    const until = this.#monotonic() + forMs;
    this.#blocks.set(window, Math.max(this.#blocks.get(window) ?? -Infinity, until));
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
