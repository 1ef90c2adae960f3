import { randomBytes, randomUUID } from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemReason } from "./data-folder-fault.js";
import { linkIfFree, readIfThere } from "./files.js";

/** Keys of 32 bytes by key id. The current key encrypts; all keys decrypt. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** The encryption key is missing or malformed. The message is for the operator, and never contains a part of a key. */
export class EncryptionKeyError extends Error {
  override readonly name = "EncryptionKeyError";
}

const KEY_BYTES = 32;
const KEY_TEXT = /^[A-Za-z0-9+/]{43}=?$/;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const BARE_KEY_ID = "1";

/**
 * Reads `CRMESH_ENCRYPTION_KEY`: a comma-separated list of `kid:base64(32 bytes)`, the current key first, or only the
 * base64 of 32 bytes, which gets the key id "1".
 *
 * @throws EncryptionKeyError
 */
export function parseEncryptionKeys(text: string, source = "CRMESH_ENCRYPTION_KEY"): KeyRing {
  const entries = text.trim().split(",");
  if (entries.length === 1 && !text.includes(":")) {
    return { current: BARE_KEY_ID, keys: new Map([[BARE_KEY_ID, keyOf(text, source)]]) };
  }
  const keys = new Map<string, Uint8Array>();
  for (const [index, entry] of entries.entries()) {
    // Name the position, not the key id: an operator may have put the key in the place of the id.
    const where = `${source}, entry ${index + 1} of ${entries.length}`;
    const [kid = "", key, ...rest] = entry.trim().split(":");
    if (key === undefined || rest.length > 0) throw new EncryptionKeyError(`${where}: must be kid:base64.`);
    if (!KEY_ID.test(kid)) {
      throw new EncryptionKeyError(`${where}: the key id must be 1 to 32 letters, digits, "_" or "-".`);
    }
    if (keys.has(kid)) throw new EncryptionKeyError(`${where}: its key id is used by an earlier entry.`);
    keys.set(kid, keyOf(key, where));
  }
  const [current = BARE_KEY_ID] = keys.keys();
  return { current, keys };
}

/** Makes a key ring of one random key, for a store in memory. */
export function newKeyRing(): KeyRing {
  return { current: BARE_KEY_ID, keys: new Map([[BARE_KEY_ID, new Uint8Array(randomBytes(KEY_BYTES))]]) };
}

/**
 * Reads the key of the embedded store from `<dataDir>/encryption.key`. Creates the file with mode 0600 if it does not
 * exist, unless `hasCredentials` returns true: a new key could not decrypt them.
 *
 * @throws EncryptionKeyError if the file is malformed, or missing although there are credentials
 */
export async function loadOrCreateKeyFile(dataDir: string, hasCredentials: () => Promise<boolean>): Promise<KeyRing> {
  const path = join(dataDir, "encryption.key");
  const existing = await readKeyFile(path);
  if (existing !== null) return parseEncryptionKeys(existing, path);
  if (await hasCredentials()) {
    throw new EncryptionKeyError(
      `The encryption key file ${path} is gone, but the store holds credentials encrypted with it. ` +
        "Restore the file from a backup, or set CRMESH_ENCRYPTION_KEY to the key it held.",
    );
  }
  const text = `${BARE_KEY_ID}:${randomBytes(KEY_BYTES).toString("base64")}\n`;
  await createOnce(path, text);
  return parseEncryptionKeys(await readFile(path, "utf8"), path);
}

/** The text of a key file; null if it does not exist. @throws EncryptionKeyError if it cannot be read */
export async function readKeyFile(path: string): Promise<string | null> {
  try {
    return await readIfThere(path);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new EncryptionKeyError(`The encryption key file ${path} cannot be read: ${reason}.`, { cause: error });
  }
}

/** Writes a complete file durably, unless the file exists. */
async function createOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await linkIfFree(draft, path);
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

function keyOf(text: string, where: string): Uint8Array {
  if (!KEY_TEXT.test(text.trim())) {
    throw new EncryptionKeyError(`${where}: the key must be base64 of ${KEY_BYTES} bytes (openssl rand -base64 32).`);
  }
  return new Uint8Array(Buffer.from(text.trim(), "base64"));
}
