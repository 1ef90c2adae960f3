import { CompactEncrypt, base64url, compactDecrypt, type CompactJWEHeaderParameters } from "jose";
import type { KeyRing } from "./encryption-keys.js";

/** A connection's credentials cannot be read: an unknown key, the wrong key, a damaged or a moved ciphertext. */
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

/** What every credential encrypted with the key of this id begins with, up to its first dot. */
export function protectedHeader(keyId: string): string {
  return base64url.encode(JSON.stringify(headerOf(keyId)));
}

/** A constant text per key id once it is JSON: the store looks for it. */
function headerOf(kid: string): CompactJWEHeaderParameters {
  return { alg: "dir", enc: "A256GCM", kid };
}

/** What is inside a JWE: the credentials, and the connection they belong to. */
interface Sealed {
  connection: string;
  credentials: unknown;
}

/** Encrypts credentials for the store: compact JWE, `dir` with `A256GCM`, key id in the protected header. */
export class Vault {
  readonly #keys: KeyRing;

  /** @throws RangeError when the ring lacks its current key or a key is not 32 bytes long */
  constructor(keys: KeyRing) {
    if (!keys.keys.has(keys.current)) throw new RangeError("The key ring lacks its current key");
    if ([...keys.keys.values()].some((key) => key.length !== 32)) throw new RangeError("A key must have 32 bytes");
    this.#keys = keys;
  }

  /** Encrypts an object that JSON can hold with the current key, readable only as the credentials of this connection. */
  async encrypt(connectionId: string, credentials: object): Promise<string> {
    const sealed: Sealed = { connection: connectionId, credentials };
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(sealed)))
      .setProtectedHeader(headerOf(this.#keys.current))
      .encrypt(this.#keyOf(this.#keys.current, connectionId));
  }

  /**
   * What `encrypt` was given, unchecked: the caller knows its shape.
   *
   * @throws UnreadableCredentialsError
   */
  async decrypt(connectionId: string, jwe: string): Promise<unknown> {
    const sealed = await this.#open(connectionId, jwe);
    if (sealed === null) throw new UnreadableCredentialsError(connectionId, "they are not of this vault's making");
    if (sealed.connection !== connectionId) {
      throw new UnreadableCredentialsError(connectionId, "they belong to another connection");
    }
    return sealed.credentials;
  }

  async #open(connectionId: string, jwe: string): Promise<Sealed | null> {
    const key = ({ kid }: CompactJWEHeaderParameters): Uint8Array => this.#keyOf(kid, connectionId);
    try {
      const { plaintext } = await compactDecrypt(jwe, key, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      return sealedIn(plaintext);
    } catch (error) {
      if (error instanceof UnreadableCredentialsError) throw error;
      throw new UnreadableCredentialsError(connectionId, "the key does not fit or they are damaged", { cause: error });
    }
  }

  #keyOf(kid: string | undefined, connectionId: string): Uint8Array {
    const key = kid === undefined ? undefined : this.#keys.keys.get(kid);
    if (key !== undefined) return key;
    throw new UnreadableCredentialsError(connectionId, `the key ring holds no key with the id ${JSON.stringify(kid)}`);
  }
}

/** Null instead of a SyntaxError, which would quote the plaintext. */
function sealedIn(plaintext: Uint8Array): Sealed | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(plaintext));
    return isSealed(value) ? value : null;
  } catch {
    return null;
  }
}

function isSealed(value: unknown): value is Sealed {
  return typeof value === "object" && value !== null && "connection" in value && "credentials" in value;
}
