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
  /** `CRMESH_ENCRYPTION_KEY`. Defaults to the key file in the data folder, which a new store creates. */
  encryptionKey: string | undefined;
  /** Null for a store in memory. Without `encryptionKey`, it gets a random key. */
  dataDir: string | null;
}

/**
 * Opens the vault of a store, after a check that its keys can decrypt the stored credentials.
 *
 * @throws EncryptionKeyError when a key is malformed, missing, or not the one that the credentials are encrypted with
 */
export async function openVault(source: KeySource): Promise<{ keys: KeyRing; vault: Vault }> {
  const keys = await loadKeyRing(source);
  return { keys, vault: await vaultFor(keys, source.store.ciphertexts) };
}

/**
 * Makes the vault of these keys, after a check that they can decrypt the stored credentials.
 *
 * @throws EncryptionKeyError when they cannot
 */
export async function vaultFor(keys: KeyRing, ciphertexts: Store["ciphertexts"]): Promise<Vault> {
  const vault = new Vault(keys);
  for (const sample of await ciphertexts.sampleByEncryptionKey()) {
    const fault = await faultOf(sample, keys, vault);
    if (fault === null) continue;
    // A single damaged ciphertext must not prevent the start.
    const another = await ciphertexts.another(sample);
    if (another === null || (await faultOf(another, keys, vault)) !== null) throw fault;
  }
  return vault;
}

/**
 * Loads the encryption keys, and does not check them against the stored credentials.
 *
 * @throws EncryptionKeyError when a key is malformed, or the key file is gone while the store holds credentials
 */
export async function loadKeyRing({ store, encryptionKey, dataDir }: KeySource): Promise<KeyRing> {
  if (encryptionKey !== undefined) return parseEncryptionKeys(encryptionKey);
  if (dataDir === null) return newKeyRing();
  return loadOrCreateKeyFile(dataDir, async () => (await store.ciphertexts.sampleByEncryptionKey()).length > 0);
}

/** The id of the encryption key that a ciphertext names. Null if it names none. */
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
  if (keyId === null) return `The stored credentials of ${connectionId} are damaged. Restore them from a backup.`;
  if (!keys.has(keyId)) {
    return (
      `The store holds credentials encrypted with the key "${keyId}" (e.g. those of ${connectionId}), which is not among ` +
      `the keys given: ${[...keys.keys()].map((id) => `"${id}"`).join(", ")}. Add it again, as ${keyId}:<key>, after the ` +
      'current key. After "crmesh credentials reencrypt", it is no longer needed.'
    );
  }
  return (
    `The key given as "${keyId}" is not the one that the stored credentials of ${connectionId} were encrypted with. ` +
    "Use this id for the right key, and another id for a new key."
  );
}
