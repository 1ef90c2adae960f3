import { encryptionKeyIdOf, loadKeyRing } from "../store/open-vault.js";
import { reencrypt } from "../store/reencryption.js";
import { UnreadableCredentialsError, Vault } from "../store/vault.js";
import { UsageError } from "./usage-error.js";
import { withStore, type Print } from "./with-store.js";

/**
 * Encrypts all credentials with the current encryption key.
 *
 * @throws UsageError if some could not be decrypted, after the others were encrypted
 */
export async function reencryptCredentials(environment: NodeJS.ProcessEnv, print: Print): Promise<void> {
  await withStore(environment, async ({ store, config }) => {
    const keys = await loadKeyRing({ ...config, store });
    const { done, unreadable } = await reencrypt(store.ciphertexts, new Vault(keys), keys.current);
    print(`${credentials(done)} re-encrypted with the key "${keys.current}".`);
    if (unreadable.length === 0) return;
    for (const { message } of unreadable) print(message);
    throw new UsageError(`${credentials(unreadable.length)} could not be decrypted and stayed unchanged. See above.`);
  });
}

/**
 * Prints how many credentials are encrypted with which key, and which keys may be removed.
 *
 * @throws UsageError if a needed key is missing or wrong
 */
export async function checkCredentials(environment: NodeJS.ProcessEnv, print: Print): Promise<void> {
  await withStore(environment, async ({ store, config }) => {
    const keys = await loadKeyRing({ ...config, store });
    const vault = new Vault(keys);
    const used = new Set<string | null>();
    const faults: string[] = [];
    for (const { id, credentials: jwe, count } of await store.ciphertexts.sampleByEncryptionKey()) {
      const keyId = encryptionKeyIdOf(jwe);
      used.add(keyId);
      const fault = await vault.decrypt(id, jwe).then(() => null, faultIn);
      if (fault !== null) faults.push(fault);
      print(
        [keyId ?? "?", count, fault !== null ? "unreadable" : keyId === keys.current ? "current" : "old"].join("\t"),
      );
    }
    const removable = [...keys.keys.keys()].filter((id) => id !== keys.current && !used.has(id));
    if (used.size === 0) print("There are no credentials.");
    if (removable.length > 0) print(`These keys are no longer needed and may be removed: ${removable.join(", ")}.`);
    if (faults.length > 0) throw new UsageError(faults.join(" "));
  });
}

function faultIn(error: unknown): string {
  if (error instanceof UnreadableCredentialsError) return `${error.message}.`;
  throw error;
}

function credentials(count: number): string {
  return count === 1 ? "1 credential" : `${count} credentials`;
}
