import { LRUCache } from "lru-cache";
import { CrmError } from "../../errors/crm-error.js";
import { hashApiKey, isApiKeyShaped } from "../../store/api-key-secret.js";
import type { ApiKeys } from "../../store/api-keys.js";
import type { Clock } from "../../upstream/clock.js";
import type { Principal } from "./principal.js";

/** Milliseconds until this process refuses a key that another process has revoked. */
const KEY_TTL_MS = 5_000;
const MAX_KEYS = 10_000;
/** Milliseconds between two updates of a key's last use. */
const TOUCH_INTERVAL_MS = 60_000;

/** Finds the principal of a request by its API key. */
export class ApiKeyAuthenticator {
  readonly #apiKeys: ApiKeys;
  readonly #refused: ReadonlySet<string>;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #onBackgroundError: (error: unknown) => void;
  /** Resolution 0 reads the clock at each look-up. The default sets timers, which cost more. */
  readonly #principals = new LRUCache<string, Principal>({ max: MAX_KEYS, ttl: KEY_TTL_MS, ttlResolution: 0 });
  readonly #touchedAt = new LRUCache<string, number>({ max: MAX_KEYS });

  /** @param options.refused secrets that are refused even if the store has their key */
  constructor(options: {
    apiKeys: ApiKeys;
    refused: readonly string[];
    clock: Pick<Clock, "now" | "monotonic">;
    onBackgroundError: (error: unknown) => void;
  }) {
    this.#apiKeys = options.apiKeys;
    this.#refused = new Set(options.refused);
    this.#clock = options.clock;
    this.#onBackgroundError = options.onBackgroundError;
  }

  /**
   * @param header the `Authorization` header
   * @throws CrmError INVALID_API_KEY for a missing, malformed, unknown, refused or revoked key
   */
  async authenticate(header: string | undefined): Promise<Principal> {
    const secret = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
    if (!secret || !isApiKeyShaped(secret) || this.#refused.has(secret)) throw new CrmError("INVALID_API_KEY");
    const hash = hashApiKey(secret);
    const principal = this.#principals.get(hash) ?? (await this.#find(hash));
    this.#touch(principal.keyId);
    return principal;
  }

  async #find(hash: string): Promise<Principal> {
    const record = await this.#apiKeys.findByHash(hash);
    if (!record) throw new CrmError("INVALID_API_KEY");
    const { id: keyId, workspaceId, environment, scopes, maxCalls } = record;
    const principal = { keyId, workspaceId, environment, scopes: new Set(scopes), maxCalls };
    this.#principals.set(hash, principal);
    return principal;
  }

  #touch(keyId: string): void {
    const now = this.#clock.monotonic();
    if (now - (this.#touchedAt.get(keyId) ?? -Infinity) < TOUCH_INTERVAL_MS) return;
    this.#touchedAt.set(keyId, now);
    this.#apiKeys.touch(keyId, new Date(this.#clock.now())).catch(this.#onBackgroundError);
  }
}
