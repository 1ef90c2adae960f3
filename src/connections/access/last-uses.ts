import { LRUCache } from "lru-cache";
import type { Clock } from "../../upstream/clock.js";

/** Milliseconds between two updates of the last use of one row. */
const INTERVAL_MS = 60_000;
/** Milliseconds for which uses are collected before they are saved together. */
const COLLECT_MS = 1_000;
/** The most uses in one statement. */
const MAX_AT_ONCE = 500;
const MAX_REMEMBERED = 10_000;

export interface LastUsesOptions {
  /** Saves the times of the last use by id. */
  save: (uses: ReadonlyMap<string, Date>) => Promise<void>;
  clock: Pick<Clock, "now" | "monotonic">;
  onBackgroundError: (error: unknown) => void;
}

/**
 * Saves when rows were last used: of each row at most once a minute, of many rows in one statement, and in the background,
 * so that no request waits for it.
 */
export class LastUses {
  readonly #options: LastUsesOptions;
  readonly #notedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  #unsaved = new Map<string, Date>();
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: LastUsesOptions) {
    this.#options = options;
  }

  /** @returns the time of the use if it will be saved; null if the last one was saved less than a minute ago */
  note(id: string): Date | null {
    const { clock } = this.#options;
    const now = clock.monotonic();
    if (now - (this.#notedAt.get(id) ?? -Infinity) < INTERVAL_MS) return null;
    this.#notedAt.set(id, now);
    const at = new Date(clock.now());
    this.#unsaved.set(id, at);
    if (this.#unsaved.size >= MAX_AT_ONCE) this.#save();
    else this.#timer ??= setTimeout(() => this.#save(), COLLECT_MS).unref();
    return at;
  }

  /** Saves what is left. */
  async close(): Promise<void> {
    this.#save();
    await this.#saving;
  }

  #save(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#unsaved.size === 0) return;
    const { save, onBackgroundError } = this.#options;
    const uses = this.#unsaved;
    this.#unsaved = new Map();
    this.#saving = this.#saving.then(() => save(uses)).catch(onBackgroundError);
  }
}
