import { CrmError } from "../../errors/crm-error.js";
import { hashApiKey, isApiKeyShaped } from "../../store/api-key-secret.js";
import type { ApiKeys } from "../../store/api-keys.js";
import type { StoreChange, StoreChanges } from "../../store/changes.js";
import type { Clock } from "../../upstream/clock.js";
import { KnownRows } from "./known-rows.js";
import { LastUses } from "./last-uses.js";
import type { Principal } from "./principal.js";

/** A key as it is remembered. */
interface KnownKey {
  id: string;
  hash: string;
  principal: Principal;
  /** Null: the key does not expire. */
  expiresAt: Date | null;
}

/** Finds the principal of a request by its API key. */
export class ApiKeyAuthenticator {
  readonly #apiKeys: Pick<ApiKeys, "findByHash">;
  readonly #refused: ReadonlySet<string>;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #keys: KnownRows<KnownKey>;
  readonly #lastUses: LastUses;

  /** @param options.refused secrets that are refused even if the store has their key */
  constructor(options: {
    store: { apiKeys: Pick<ApiKeys, "findByHash" | "touch">; changes: StoreChanges };
    refused: readonly string[];
    clock: Pick<Clock, "now" | "monotonic">;
    onBackgroundError: (error: unknown) => void;
  }) {
    const { store, clock, onBackgroundError } = options;
    this.#apiKeys = store.apiKeys;
    this.#refused = new Set(options.refused);
    this.#clock = clock;
    this.#keys = new KnownRows({
      changes: store.changes,
      monotonic: () => clock.monotonic(),
      nameOf: (key: KnownKey) => key.hash,
      reread: ({ hash }) => this.#find(hash),
      onBackgroundError,
    });
    this.#lastUses = new LastUses({ save: (uses) => store.apiKeys.touch(uses), clock, onBackgroundError });
  }

  /**
   * @param header the `Authorization` header
   * @throws CrmError INVALID_API_KEY for a missing, malformed, unknown, refused or revoked key
   */
  async authenticate(header: string | undefined): Promise<Principal> {
    const secret = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
    if (!secret || !isApiKeyShaped(secret) || this.#refused.has(secret)) throw new CrmError("INVALID_API_KEY");
    const hash = hashApiKey(secret);
    const key = this.#keys.byName(hash) ?? (await this.#read(hash));
    if (!key || (key.expiresAt !== null && key.expiresAt.getTime() <= this.#clock.now())) {
      throw new CrmError("INVALID_API_KEY");
    }
    this.#lastUses.note(key.id);
    return key.principal;
  }

  /** Forgets what has changed in the store. */
  noteChange({ table, id }: StoreChange): void {
    if (table === "api_key") this.#keys.forget(id);
  }

  /** Saves the last uses that are not saved yet. */
  close(): Promise<void> {
    return this.#lastUses.close();
  }

  #read(hash: string): Promise<KnownKey | null> {
    return this.#keys.read(
      hash,
      () => this.#find(hash),
      (key) => (key ? [key] : []),
    );
  }

  async #find(hash: string): Promise<KnownKey | null> {
    const record = await this.#apiKeys.findByHash(hash);
    if (!record) return null;
    const { id, workspaceId, environment, scopes, maxCalls, expiresAt } = record;
    const principal = { keyId: id, workspaceId, environment, scopes: new Set(scopes), maxCalls };
    return { id, hash, principal, expiresAt };
  }
}
