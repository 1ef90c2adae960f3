import { encryptionKeyIdOf, loadKeyRing } from "../store/open-vault.js";
import { reencrypt } from "../store/reencryption.js";
import { UnreadableCredentialsError, Vault } from "../store/vault.js";
import { print, printJson, type CommandContext } from "./command-context.js";
import { RefusedError } from "./command-errors.js";
import { printList } from "./list.js";

/**
 * Encrypts all credentials with the current encryption key.
 *
 * @throws RefusedError if some could not be decrypted, after the others were encrypted
 */
export async function reencryptCredentials(context: CommandContext): Promise<void> {
  await context.withStore(async ({ store, config }) => {
    const keys = await loadKeyRing({ ...config, store });
    const { done, unreadable } = await reencrypt(store.ciphertexts, new Vault(keys), keys.current);
    print(context, `${credentials(done)} re-encrypted with the key "${keys.current}".`);
    if (unreadable.length === 0) return;
    for (const { message } of unreadable) print(context, message);
    throw new RefusedError(`${credentials(unreadable.length)} could not be decrypted and stayed unchanged. See above.`);
  });
}

/** One encryption key that encrypts stored credentials. */
interface KeyUse {
  /** Null if the credentials name no key. */
  key: string | null;
  credentials: number;
  state: "current" | "old" | "unreadable";
}

/**
 * Prints how many credentials are encrypted with which key, and the keys that no credential uses.
 *
 * @throws RefusedError if a needed key is missing or wrong
 */
export async function checkCredentials(context: CommandContext, { json }: { json?: true }): Promise<void> {
  await context.withStore(async ({ store, config }) => {
    const keys = await loadKeyRing({ ...config, store });
    const vault = new Vault(keys);
    const uses: KeyUse[] = [];
    const faults: string[] = [];
    for (const { id, credentials: jwe, count } of await store.ciphertexts.sampleByEncryptionKey()) {
      const key = encryptionKeyIdOf(jwe);
      const fault = await vault.decrypt(id, jwe).then(() => null, faultIn);
      if (fault !== null) faults.push(fault);
      uses.push({
        key,
        credentials: count,
        state: fault !== null ? "unreadable" : key === keys.current ? "current" : "old",
      });
    }
    const unused = [...keys.keys.keys()].filter((id) => id !== keys.current && !uses.some(({ key }) => key === id));
    if (json) printJson(context, { current: keys.current, uses, unused });
    else {
      printList<KeyUse>(
        context,
        uses,
        {
          KEY: ({ key }) => key ?? "?",
          CREDENTIALS: ({ credentials: count }) => String(count),
          STATE: ({ state }) => state,
        },
        { empty: "There are no credentials." },
      );
      if (unused.length > 0) print(context, adviceOn(unused, keys.current));
    }
    if (faults.length > 0) throw new RefusedError(faults.join(" "));
  });
}

/**
 * The store does not remember which keys were used before, so a key that was added for a rotation looks like the key that
 * an earlier rotation left behind.
 */
function adviceOn(unused: readonly string[], current: string): string {
  return (
    `No credential uses the ${unused.length === 1 ? "key" : "keys"} ${unused.map((id) => `"${id}"`).join(", ")}. ` +
    `Remove a key that "${current}" has replaced. Keep a key that is to replace "${current}".`
  );
}

function faultIn(error: unknown): string {
  if (error instanceof UnreadableCredentialsError) return `${error.message}.`;
  throw error;
}

function credentials(count: number): string {
  return count === 1 ? "1 credential" : `${count} credentials`;
}
