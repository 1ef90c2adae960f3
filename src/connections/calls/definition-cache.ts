import { LRUCache } from "lru-cache";
import { CallBound } from "../../upstream/call-bound.js";

/** Milliseconds for which pipelines, custom fields and users of a CRM are taken as unchanged. */
const DEFINITIONS_TTL_MS = 10 * 60 * 1000;
const MAX_DEFINITIONS = 5_000;
/** Milliseconds that a load may take, whoever waits for it: as long as an operation waits by default. */
const LOAD_TIMEOUT_MS = 30_000;

/** What rarely changes at the CRMs, per connection; several callers share one load, which is nobody's own. */
export class DefinitionCache {
  readonly #entries = new LRUCache<string, Promise<unknown>>({ max: MAX_DEFINITIONS, ttl: DEFINITIONS_TTL_MS });
  readonly #loads = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What is kept or being loaded under a key. */
  peek<Value>(key: string): Promise<Value> | undefined {
    return this.#entries.get(key) as Promise<Value> | undefined;
  }

  /**
   * @param load is given bounds of its own: it must look at no caller's, since any of them may leave before it ends
   */
  get<Value>(key: string, load: (bound: CallBound) => Promise<Value>): Promise<Value> {
    const kept = this.peek<Value>(key);
    if (kept) return kept;
    const deadline = this.#now() + LOAD_TIMEOUT_MS;
    const loading = load(new CallBound({ deadline, signal: this.#closing.signal, now: this.#now }));
    this.#entries.set(key, loading);
    this.#loads.add(loading);
    loading.then(
      () => this.#loads.delete(loading),
      () => {
        this.#loads.delete(loading);
        // A failure is not a definition. Whatever has taken its place meanwhile stays.
        if (this.#entries.peek(key) === loading) this.#entries.delete(key);
      },
    );
    return loading;
  }

  /** Ends the loads under way and waits for them. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#loads);
  }
}
