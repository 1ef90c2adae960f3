import { CompactEncrypt, base64url, compactDecrypt, type CompactJWEHeaderParameters } from "jose";
import type { KeyRing } from "./encryption-keys.js";

/** A connection's credentials cannot be decrypted: unknown or wrong key, or a damaged or moved ciphertext. */
export class UnreadableCredentialsError extends Error {
  override readonly name = "UnreadableCredentialsError";

  constructor(
    readonly connectionId: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(`The credentials of ${connectionId} are unreadable: ${why}`, options);
  }
}

/** The text before the first dot of every ciphertext that this key encrypted. */
export function protectedHeader(keyId: string): string {
  return base64url.encode(JSON.stringify(headerOf(keyId)));
}

/** Must give the same JSON for a key every time: the store searches for it. */
function headerOf(kid: string): CompactJWEHeaderParameters {
  return { alg: "dir", enc: "A256GCM", kid };
}

/** The plaintext of a JWE: the credentials, and the connection that they belong to. */
interface Plaintext {
  connection: string;
  credentials: unknown;
}

/** Encrypts credentials for the store: compact JWE, `dir` with `A256GCM`, key id in the protected header. */
export class Vault {
  readonly #keys: KeyRing;
  /** Key id → the key as Web Crypto has it. jose would import a key that is given as bytes for every ciphertext. */
  readonly #imported = new Map<string, Promise<CryptoKey>>();

  /** @throws RangeError if the ring lacks its current key, or a key does not have 32 bytes */
  constructor(keys: KeyRing) {
    if (!keys.keys.has(keys.current)) throw new RangeError("The key ring lacks its current key");
    if ([...keys.keys.values()].some((key) => key.length !== 32)) throw new RangeError("A key must have 32 bytes");
    this.#keys = keys;
  }

  /** Encrypts a JSON object with the current key. It can be decrypted only as the credentials of this connection. */
  async encrypt(connectionId: string, credentials: object): Promise<string> {
    const plaintext: Plaintext = { connection: connectionId, credentials };
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(plaintext)))
      .setProtectedHeader(headerOf(this.#keys.current))
      .encrypt(await this.#keyOf(this.#keys.current, connectionId));
  }

  /**
   * Returns the object that was given to `encrypt`. Its shape is not checked.
   *
   * @throws UnreadableCredentialsError
   */
  async decrypt(connectionId: string, jwe: string): Promise<unknown> {
    const plaintext = await this.#open(connectionId, jwe);
    if (plaintext === null) throw new UnreadableCredentialsError(connectionId, "they are not of this vault's making");
    if (plaintext.connection !== connectionId) {
      throw new UnreadableCredentialsError(connectionId, "they belong to another connection");
    }
    return plaintext.credentials;
  }

  async #open(connectionId: string, jwe: string): Promise<Plaintext | null> {
    const key = ({ kid }: CompactJWEHeaderParameters) => this.#keyOf(kid, connectionId);
    try {
      const decrypted = await compactDecrypt(jwe, key, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      return plaintextOf(decrypted.plaintext);
    } catch (error) {
      if (error instanceof UnreadableCredentialsError) throw error;
      throw new UnreadableCredentialsError(connectionId, "the key does not fit or they are damaged", { cause: error });
    }
  }

  async #keyOf(kid: string | undefined, connectionId: string): Promise<CryptoKey> {
    const bytes = kid === undefined ? undefined : this.#keys.keys.get(kid);
    if (kid === undefined || bytes === undefined) {
      const why = `the key ring holds no key with the id ${JSON.stringify(kid)}`;
      throw new UnreadableCredentialsError(connectionId, why);
    }
    let imported = this.#imported.get(kid);
    if (!imported) this.#imported.set(kid, (imported = importedKey(bytes)));
    return imported;
  }
}

function importedKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", Uint8Array.from(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Returns null in place of a SyntaxError, because that would quote the plaintext. */
function plaintextOf(bytes: Uint8Array): Plaintext | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isPlaintext(value) ? value : null;
  } catch {
    return null;
  }
}

function isPlaintext(value: unknown): value is Plaintext {
  return typeof value === "object" && value !== null && "connection" in value && "credentials" in value;
}
