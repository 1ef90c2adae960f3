import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { badRequest } from "./errors.js";

/** Lifetime of a cursor in ms. */
const LIFETIME = 30_000;
const MAX_CURSORS = 1_000;

/** The remaining results of a search. */
interface Rest {
  readonly ids: readonly string[];
  readonly expiresAt: number;
}

/** The cursors of searches. They expire after a short time. */
export class SearchCursors {
  readonly #rests = new LRUCache<string, Rest>({ max: MAX_CURSORS });
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns a cursor for the remaining results. Null if there are none. */
  keep(ids: readonly string[]): string | null {
    if (ids.length === 0) return null;
    const cursor = randomBytes(18).toString("base64url");
    this.#rests.set(cursor, { ids, expiresAt: this.#now() + LIFETIME });
    return cursor;
  }

  /** @throws Refusal for an invalid or expired cursor */
  take(cursor: string): readonly string[] {
    const rest = this.#rests.get(cursor);
    if (!rest) throw badRequest({ cursor: "Invalid cursor." });
    if (rest.expiresAt <= this.#now()) throw badRequest({ cursor: "Cursor has expired." });
    return rest.ids;
  }
}
