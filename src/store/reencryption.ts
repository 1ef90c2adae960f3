import type { Ciphertexts } from "./ciphertexts.js";
import { UnreadableCredentialsError, type Vault } from "./vault.js";

type Stored = Pick<Ciphertexts, "listNotEncryptedWith" | "replace">;

const BATCH_SIZE = 200;

export interface Reencryption {
  /** Number of re-encrypted credentials. */
  done: number;
  /** Credentials that no key of the ring can decrypt. They stay unchanged. */
  unreadable: UnreadableCredentialsError[];
}

/**
 * Re-encrypts all credentials with the vault's current key, `keyId`. Safe while servers run: their changes stay, and what
 * they still encrypt with an older key is re-encrypted in another round.
 */
export async function reencrypt(ciphertexts: Stored, vault: Vault, keyId: string): Promise<Reencryption> {
  let done = 0;
  for (;;) {
    const round = await reencryptOnce(ciphertexts, vault, keyId);
    done += round.done;
    if (round.done === 0 && round.changedMeanwhile === 0) return { done, unreadable: round.unreadable };
  }
}

async function reencryptOnce(ciphertexts: Stored, vault: Vault, keyId: string) {
  const round = { done: 0, changedMeanwhile: 0, unreadable: [] as UnreadableCredentialsError[] };
  let after: string | null = null;
  for (;;) {
    const batch = await ciphertexts.listNotEncryptedWith(keyId, after, BATCH_SIZE);
    for (const { id, credentials, credentialsVersion } of batch) {
      const outcome = await reencrypted(vault, id, credentials);
      if (outcome instanceof UnreadableCredentialsError) round.unreadable.push(outcome);
      else if (await ciphertexts.replace(id, credentialsVersion, credentials, outcome)) round.done++;
      else round.changedMeanwhile++;
    }
    after = batch.at(-1)?.id ?? null;
    if (after === null) return round;
  }
}

async function reencrypted(vault: Vault, id: string, jwe: string): Promise<string | UnreadableCredentialsError> {
  try {
    return await vault.encrypt(id, (await vault.decrypt(id, jwe)) as object);
  } catch (error) {
    if (error instanceof UnreadableCredentialsError) return error;
    throw error;
  }
}
