import { LRUCache } from "lru-cache";
import { GRACE_MS, type PaceLedger, type PlaceRequest } from "./pace-ledger.js";
import type { RateRule } from "./request.js";
import { SHORT_WAIT_MS } from "./retry-decision.js";

/** Maximum number of windows in memory. Without a window, the CRM enforces its limit. */
const MAX_WINDOWS = 10_000;

/** The share of a window after which to ask again, if the place of a call that is still on its way will be the next one free. */
export const AGAIN_SHARE = 0.1;

/** The windows in the memory of one process. Its times are those of the monotonic clock. */
export class MemoryLedger implements PaceLedger {
  readonly #windows = new LRUCache<string, PaceWindow>({ max: MAX_WINDOWS });
  readonly #monotonic: () => number;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  take(request: PlaceRequest): number {
    return this.#windowOf(request.window).take(request, this.#monotonic());
  }

  end({ window, place, rule }: PlaceRequest): void {
    this.#windowOf(window).end(place, rule, this.#monotonic());
  }

  giveBack({ window, place }: PlaceRequest): void {
    this.#windowOf(window).remove(place);
  }

  note({ window, place, leaseMs }: PlaceRequest): void {
    this.#windowOf(window).begin(place, this.#monotonic() + leaseMs);
  }

  block(window: string, forMs: number): void {
    this.#windowOf(window).block(this.#monotonic() + forMs);
  }

  #windowOf(name: string): PaceWindow {
    let window = this.#windows.get(name);
    if (!window) this.#windows.set(name, (window = new PaceWindow()));
    return window;
  }
}

interface Sent {
  place: string;
  /** When the CRM had certainly got the call; while it is on its way, the end of its lease. */
  at: number;
}

interface Waiting {
  place: string;
  /** Those with smaller tags go first. */
  tag: number;
  /** When it was told to come back. */
  at: number;
}

/** The calls of one window, or of one token bucket. All methods take times of the same clock. */
class PaceWindow {
  /** The calls that count, by time. Of a bucket, only those that are on their way. */
  readonly #sent: Sent[] = [];
  /** The places in `#sent` of calls that are on their way. */
  readonly #onTheirWay = new Set<string>();
  /** Those that wait, by tag. */
  #queue: Waiting[] = [];
  /** The last tag of each process that waits. */
  readonly #tags = new Map<string, number>();
  /** When the bucket would be full again. */
  #fullAt = -Infinity;
  #blockedUntil = -Infinity;

  take({ place, process, hasWaited, rule, maxWaitMs, leaseMs }: PlaceRequest, now: number): number {
    this.#forget(rule, now);
    if (this.#onTheirWay.has(place)) return 0;
    const waiting = this.#queue.find((one) => one.place === place);
    // One that comes back too late is the first.
    const tag = waiting?.tag ?? (hasWaited ? this.#firstTag - 1 : this.#nextTag(process));
    const ahead = waiting ? this.#queue.indexOf(waiting) : this.#queue.findLastIndex((one) => one.tag <= tag) + 1;
    const blockedMs = Math.max(0, this.#blockedUntil - now);
    // Whoever comes back takes what is free, except for those before it that will be back at any moment.
    const expected = this.#queue.slice(0, ahead).filter(({ at }) => at <= now).length;
    const isFree = this.#freeAt(rule, hasWaited ? expected : ahead, leaseMs, now) <= now;
    if (isFree && blockedMs === 0) {
      this.begin(place, now + leaseMs);
      return 0;
    }
    const waitMs = Math.max(blockedMs, this.#freeAt(rule, ahead, leaseMs, now) - now);
    if (waitMs >= maxWaitMs || blockedMs > SHORT_WAIT_MS) {
      this.remove(place);
      return -waitMs;
    }
    if (waiting) waiting.at = now + waitMs;
    else {
      if (!hasWaited) this.#tags.set(process, tag);
      this.#queue.splice(ahead, 0, { place, tag, at: now + waitMs });
    }
    return waitMs;
  }

  begin(place: string, leaseEndsAt: number): void {
    this.remove(place);
    this.#onTheirWay.add(place);
    this.#insert({ place, at: leaseEndsAt });
  }

  end(place: string, { requests, perMs, isBucket }: RateRule, now: number): void {
    this.remove(place);
    if (isBucket) this.#fullAt = Math.max(this.#fullAt, now) + perMs / requests;
    else this.#insert({ place, at: now });
  }

  remove(place: string): void {
    if (this.#onTheirWay.delete(place)) {
      const index = this.#sent.findLastIndex((one) => one.place === place);
      if (index >= 0) this.#sent.splice(index, 1);
    }
    const rank = this.#queue.findIndex((one) => one.place === place);
    if (rank >= 0) this.#queue.splice(rank, 1);
  }

  block(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  /** When a call may be sent that lets so many others go first. */
  #freeAt({ requests, perMs, isBucket }: RateRule, ahead: number, leaseMs: number, now: number): number {
    const others = this.#sent.length + ahead;
    // Each call on its way takes a token at the latest moment, which is now.
    if (isBucket) return Math.max(this.#fullAt, now) - (requests - 1 - others) * (perMs / requests);
    if (others < requests) return now;
    const leaving = this.#sent[others - requests];
    // Behind a whole window of others: one window after the call before which they all are.
    if (!leaving) return Math.max(this.#queue[ahead - requests]?.at ?? now, now) + perMs;
    // While it is on its way, its end is a guess.
    if (leaving.at > now) return Math.max(leaving.at - leaseMs + perMs, now + perMs * AGAIN_SHARE);
    return leaving.at + perMs;
  }

  /** Forgets the calls that have left the window, and the places whose processes are gone. */
  #forget({ requests, perMs, isBucket }: RateRule, now: number): void {
    const sent = this.#sent;
    const until = isBucket ? now : now - perMs;
    // Usually no call or one has left. `shift` moves no other item, as `splice` does.
    for (let first = sent[0]; first && first.at <= until; first = sent[0]) {
      sent.shift();
      this.#onTheirWay.delete(first.place);
      if (isBucket) this.#fullAt = Math.max(this.#fullAt, now) + perMs / requests;
    }
    const isHere = ({ at }: Waiting) => at + GRACE_MS > now;
    if (!this.#queue.every(isHere)) this.#queue = this.#queue.filter(isHere);
    for (const [process, tag] of this.#tags) if (tag < this.#firstTag) this.#tags.delete(process);
  }

  get #firstTag(): number {
    return this.#queue[0]?.tag ?? 0;
  }

  /** Processes take turns: the first waiting call of each, then the second of each, and so on from those that wait now. */
  #nextTag(process: string): number {
    if (this.#queue.length === 0) this.#tags.clear();
    return Math.max(this.#firstTag, (this.#tags.get(process) ?? -Infinity) + 1);
  }

  #insert(sent: Sent): void {
    this.#sent.splice(this.#sent.findLastIndex(({ at }) => at <= sent.at) + 1, 0, sent);
  }
}
