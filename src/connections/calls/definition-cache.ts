import { LRUCache } from "lru-cache";
import { CallBound } from "../../upstream/call-bound.js";
import { systemClock } from "../../upstream/clock.js";
import type { MonotonicClock } from "./operation.js";

/** Milliseconds for which pipelines, custom fields and users of a CRM are cached. */
const DEFINITIONS_TTL_MS = 10 * 60 * 1000;
const MAX_DEFINITIONS = 5_000;
/** Milliseconds that a load may take, independent of its callers: an operation's default time-out. */
const LOAD_TIMEOUT_MS = 30_000;

/** Caches what rarely changes at a CRM, per connection. Callers share a load, and it continues if they leave. */
export class DefinitionCache {
  readonly #entries = new LRUCache<string, Promise<unknown>>({ max: MAX_DEFINITIONS, ttl: DEFINITIONS_TTL_MS });
  readonly #loads = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #clock: MonotonicClock;

  constructor(clock: MonotonicClock = systemClock) {
    this.#clock = clock;
  }

  /** The cached or loading value of a key. */
  peek<Value>(key: string): Promise<Value> | undefined {
    return this.#entries.get(key) as Promise<Value> | undefined;
  }

  /**
   * @param load gets its own bound, and must not use a caller's: that caller may leave before the load ends
   */
  get<Value>(key: string, load: (bound: CallBound) => Promise<Value>): Promise<Value> {
    const kept = this.peek<Value>(key);
    if (kept) return kept;
    const now = () => this.#clock.monotonic();
    const deadline = now() + LOAD_TIMEOUT_MS;
    const loading = load(new CallBound({ deadline, signal: this.#closing.signal, now }));
    this.#entries.set(key, loading);
    this.#loads.add(loading);
    loading.then(
      () => this.#loads.delete(loading),
      () => {
        this.#loads.delete(loading);
        // Do not cache a failure. Another load may have taken its place meanwhile.
        if (this.#entries.peek(key) === loading) this.#entries.delete(key);
      },
    );
    return loading;
  }

  /** Drops the value of a key. A load that runs goes on for those who wait for it. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Aborts the running loads, and waits until they have ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#loads);
  }
}
