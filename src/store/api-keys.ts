import { sql, type ExpressionBuilder, type Kysely } from "kysely";
import { environmentOf, hashApiKey, newApiKeySecret, prefixOf } from "./api-key-secret.js";
import { guarded, lookUp, StoreRejectedError, UNIQUE_VIOLATION } from "./faults.js";
import { newId } from "./ids.js";
import { saveLastUses } from "./last-uses.js";
import type { Environment, Schema } from "./schema.js";

export interface ApiKeyRecord {
  id: string;
  workspaceId: string;
  environment: Environment;
  name: string;
  /** The readable beginning of the secret, such as `sk_live_a1B2…`. */
  prefix: string;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** null: the key does not expire. */
  expiresAt: Date | null;
  /** The most upstream calls that one operation may cost. null: no limit of the key's own. */
  maxCalls: number | null;
}

export interface NewApiKey {
  workspaceId: string;
  environment: Environment;
  name: string;
  scopes: readonly string[];
  /** The most upstream calls that one operation may cost; at least 1. No limit by default. */
  maxCalls?: number | undefined;
  /** A given secret, for the demo key and for keys that were made elsewhere. Random by default. */
  secret?: string | undefined;
}

export interface CreatedApiKey {
  record: ApiKeyRecord;
  /** Returned only here; the store keeps only its hash. */
  secret: string;
}

export interface RotatedApiKey extends CreatedApiKey {
  /** When the old key expires. */
  oldExpiresAt: Date;
}

/** Another API key, revoked or not, has this secret. */
export class ApiKeyExistsError extends Error {
  override readonly name = "ApiKeyExistsError";

  constructor() {
    super("An API key with this secret already exists");
  }
}

const COLUMNS = [
  "id",
  "workspace_id as workspaceId",
  "environment",
  "name",
  "prefix",
  "scopes",
  "created_at as createdAt",
  "last_used_at as lastUsedAt",
  "revoked_at as revokedAt",
  "expires_at as expiresAt",
  "max_calls as maxCalls",
] as const;

export class ApiKeys {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly now: () => number,
  ) {}

  /**
   * @throws ApiKeyExistsError if another key has the given secret
   * @throws RangeError if the given secret does not have the form of a key of this environment
   */
  async create({ workspaceId, environment, name, scopes, maxCalls, secret }: NewApiKey): Promise<CreatedApiKey> {
    if (secret !== undefined && environmentOf(secret) !== environment) {
      throw new RangeError(`The secret of a ${environment} key must be sk_${environment}_ and 4 to 64 of [A-Za-z0-9]`);
    }
    const theSecret = secret ?? newApiKeySecret(environment);
    const time = this.now();
    const inserted = this.db
      .insertInto("api_key")
      .values({
        id: newId("key", time),
        workspace_id: workspaceId,
        environment,
        name,
        hash: hashApiKey(theSecret),
        prefix: prefixOf(theSecret),
        scopes: [...scopes],
        max_calls: maxCalls ?? null,
        created_at: new Date(time),
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    try {
      return { record: await guarded(inserted), secret: theSecret };
    } catch (error) {
      if (error instanceof StoreRejectedError && error.code === UNIQUE_VIOLATION) throw new ApiKeyExistsError();
      throw error;
    }
  }

  /** Finds a key by its hash (of `hashApiKey`). Null if it does not exist, is revoked or has expired. */
  async findByHash(hash: string): Promise<ApiKeyRecord | null> {
    return lookUp(
      this.db
        .selectFrom("api_key")
        .select(COLUMNS)
        .where("hash", "=", hash)
        .where((eb) => inForce(eb, new Date(this.now())))
        .executeTakeFirst(),
    );
  }

  /**
   * Creates a new key with the same workspace, environment, name, scopes and limit. The old key expires after `overlapMs`
   * milliseconds, or at its own expiry if that is sooner. Null if no valid key has this id.
   */
  async rotate(id: string, overlapMs: number): Promise<RotatedApiKey | null> {
    const time = this.now();
    const at = new Date(time);
    const old = await lookUp(
      this.db.selectFrom("api_key").select("environment").where("id", "=", id).executeTakeFirst(),
    );
    if (old === null) return null;
    const secret = newApiKeySecret(old.environment);
    const made = this.db
      .with("old", (db) =>
        db
          .updateTable("api_key")
          // `least` ignores null.
          .set({ expires_at: sql<Date>`least(expires_at, ${new Date(time + overlapMs)}::timestamptz)` })
          .where("id", "=", id)
          .where((eb) => inForce(eb, at))
          .returningAll(),
      )
      .with("made", (db) =>
        db
          .insertInto("api_key")
          .columns(["workspace_id", "environment", "name", "scopes", "max_calls", "id", "hash", "prefix", "created_at"])
          .expression((eb) =>
            eb
              .selectFrom("old")
              .select(["workspace_id", "environment", "name", "scopes", "max_calls"])
              .select([
                eb.val(newId("key", time)).as("new_id"),
                eb.val(hashApiKey(secret)).as("new_hash"),
                eb.val(prefixOf(secret)).as("new_prefix"),
                eb.val(at).as("new_created_at"),
              ]),
          )
          .returningAll(),
      )
      .selectFrom("made")
      .select(COLUMNS)
      .select((eb) => eb.selectFrom("old").select("expires_at").as("oldExpiresAt"));
    const row = await guarded(made.executeTakeFirst());
    if (row === undefined) return null;
    const { oldExpiresAt, ...record } = row;
    return { record, secret, oldExpiresAt: oldExpiresAt! };
  }

  /** Lists the keys of one workspace or of all, also revoked keys, oldest first. For operators, not for API callers. */
  async list(workspaceId?: string): Promise<ApiKeyRecord[]> {
    const all = this.db.selectFrom("api_key").select(COLUMNS).orderBy("created_at").orderBy("id");
    return guarded((workspaceId === undefined ? all : all.where("workspace_id", "=", workspaceId)).execute());
  }

  /** Whether any key is neither revoked nor expired. */
  async hasAny(): Promise<boolean> {
    const any = this.db
      .selectFrom("api_key")
      .select("id")
      .where((eb) => inForce(eb, new Date(this.now())))
      .limit(1);
    return (await guarded(any.executeTakeFirst())) !== undefined;
  }

  /** Revokes a key. A second call keeps the time of the first. False if no key has this id. */
  async revoke(id: string): Promise<boolean> {
    const revoked = await lookUp(
      this.db
        .updateTable("api_key")
        .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", sql<Date>`${new Date(this.now())}::timestamptz`) }))
        .where("id", "=", id)
        .returning("id")
        .executeTakeFirst(),
    );
    return revoked !== null;
  }

  /** Saves when keys were last used, by id. An earlier time than the saved one changes nothing. */
  touch(uses: ReadonlyMap<string, Date>): Promise<void> {
    return saveLastUses(this.db, "api_key", uses);
  }
}

function inForce(eb: ExpressionBuilder<Schema, "api_key">, at: Date) {
  return eb.and([eb("revoked_at", "is", null), eb.or([eb("expires_at", "is", null), eb("expires_at", ">", at)])]);
}
