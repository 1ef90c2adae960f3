import { sql, type Kysely } from "kysely";
import { guarded } from "./faults.js";
import type { Schema } from "./schema.js";
import { protectedHeader } from "./vault.js";

export interface StoredCiphertext {
  /** The connection's id. */
  id: string;
  /** A compact JWE of the vault, bound to `id`. */
  credentials: string;
}

/**
 * A compact JWE begins with its protected header, which names the encryption key and is the same text for each key. So
 * the database can find the key of a ciphertext without decrypting it.
 */
const HEADER = sql<string>`split_part(credentials, '.', 1)`;

/** The encrypted credentials of all connections, for the management of encryption keys. */
export class Ciphertexts {
  constructor(private readonly db: Kysely<Schema>) {}

  /** Returns one ciphertext for each encryption key in use, and the number of ciphertexts with that key. */
  async sampleByEncryptionKey(): Promise<(StoredCiphertext & { count: number })[]> {
    const samples = this.db
      .with("of_key", (db) =>
        db
          .selectFrom("connection")
          .select(({ fn }) => [
            fn.min("id").as("id"),
            // Each driver returns another type for a bigint.
            sql<number>`count(*)::integer`.as("count"),
          ])
          .where("credentials", "is not", null)
          .groupBy(HEADER),
      )
      .selectFrom("of_key")
      .innerJoin("connection", "connection.id", "of_key.id")
      .select(["connection.id", "credentials", "count"])
      .orderBy("connection.id")
      .$narrowType<{ credentials: string }>();
    return guarded(samples.execute());
  }

  /** Returns the newest other ciphertext of the same encryption key; null if there is none. */
  async another({ id, credentials }: StoredCiphertext): Promise<StoredCiphertext | null> {
    const others = this.db
      .selectFrom("connection")
      .select(["id", "credentials"])
      .where("credentials", "is not", null)
      .$narrowType<{ credentials: string }>()
      .where(HEADER, "=", credentials.split(".", 1)[0]!)
      .where("id", "<>", id)
      .orderBy("id", "desc")
      .limit(1);
    return (await guarded(others.executeTakeFirst())) ?? null;
  }

  /** Lists the ciphertexts that another key encrypted, ordered by connection id, after the id `after`. */
  async listNotEncryptedWith(
    keyId: string,
    after: string | null,
    limit: number,
  ): Promise<(StoredCiphertext & { credentialsVersion: number })[]> {
    const all = this.db
      .selectFrom("connection")
      .select(["id", "credentials", "credentials_version as credentialsVersion"])
      .where("credentials", "is not", null)
      .$narrowType<{ credentials: string }>()
      .where(HEADER, "<>", protectedHeader(keyId));
    const rest = after === null ? all : all.where("id", ">", after);
    return guarded(rest.orderBy("id").limit(limit).execute());
  }

  /** Replaces a ciphertext by another one of the same credentials, if they have not changed since. */
  async replace(id: string, expectedVersion: number, from: string, to: string): Promise<boolean> {
    const replaced = this.db
      .updateTable("connection")
      .set({ credentials: to })
      .where("id", "=", id)
      .where("credentials_version", "=", expectedVersion)
      .where("credentials", "=", from)
      .returning("id");
    return (await guarded(replaced.executeTakeFirst())) !== undefined;
  }
}
