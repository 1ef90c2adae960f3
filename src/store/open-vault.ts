import { decodeProtectedHeader } from "jose";
import type { StoredCiphertext } from "./ciphertexts.js";
import {
  EncryptionKeyError,
  loadOrCreateKeyFile,
  newKeyRing,
  parseEncryptionKeys,
  type KeyRing,
} from "./encryption-keys.js";
import type { Store } from "./open-store.js";
import { UnreadableCredentialsError, Vault } from "./vault.js";

export interface KeySource {
  store: Pick<Store, "ciphertexts">;
  /** `CRMESH_ENCRYPTION_KEY`; where absent, the key file in the data folder counts, which is created for a new store. */
  encryptionKey: string | undefined;
  /** Null for a store that is kept in memory: without `encryptionKey` it gets a key for as long as it lives. */
  dataDir: string | null;
}

/**
 * The encryption keys of a store, and the vault that works with them, after a look that they fit what is stored.
 *
 * @throws EncryptionKeyError when a key is malformed, missing, or not the one that the credentials are encrypted with
 */
export async function openVault(source: KeySource): Promise<{ keys: KeyRing; vault: Vault }> {
  const keys = await loadKeyRing(source);
  const vault = new Vault(keys);
  const { ciphertexts } = source.store;
  for (const sample of await ciphertexts.sampleByEncryptionKey()) {
    const fault = await faultOf(sample, keys, vault);
    if (fault === null) continue;
    // One that is damaged must not keep all others from being used.
    const another = await ciphertexts.another(sample);
    if (another === null || (await faultOf(another, keys, vault)) !== null) throw fault;
  }
  return { keys, vault };
}

/**
 * The encryption keys, without a look at whether they fit.
 *
 * @throws EncryptionKeyError when a key is malformed, or the key file is gone while the store holds credentials
 */
export async function loadKeyRing({ store, encryptionKey, dataDir }: KeySource): Promise<KeyRing> {
  if (encryptionKey !== undefined) return parseEncryptionKeys(encryptionKey);
  if (dataDir === null) return newKeyRing();
  return loadOrCreateKeyFile(dataDir, async () => (await store.ciphertexts.sampleByEncryptionKey()).length > 0);
}

/** The id of the encryption key that a ciphertext names, null where it names none. */
export function encryptionKeyIdOf(jwe: string): string | null {
  try {
    return decodeProtectedHeader(jwe).kid ?? null;
  } catch {
    return null;
  }
}

async function faultOf(
  { id, credentials }: StoredCiphertext,
  keys: KeyRing,
  vault: Vault,
): Promise<EncryptionKeyError | null> {
  try {
    await vault.decrypt(id, credentials);
    return null;
  } catch (error) {
    if (!(error instanceof UnreadableCredentialsError)) throw error;
    return new EncryptionKeyError(whatIsWrong(id, encryptionKeyIdOf(credentials), keys), { cause: error });
  }
}

function whatIsWrong(connectionId: string, keyId: string | null, { keys }: KeyRing): string {
  if (keyId === null) return `The stored credentials of ${connectionId} are damaged; restore them from a backup.`;
  if (!keys.has(keyId)) {
    return (
      `The store holds credentials encrypted with the key "${keyId}" (those of ${connectionId}, for one), which is not among ` +
      `the keys given: ${[...keys.keys()].map((id) => `"${id}"`).join(", ")}. Add it again, as ${keyId}:<key>, behind the ` +
      'current one; "crmesh credentials reencrypt" makes it dispensable.'
    );
  }
  return (
    `The key given as "${keyId}" is not the one that the stored credentials of ${connectionId} were encrypted with. ` +
    "Give the right key that id; a new key needs a new id."
  );
}
