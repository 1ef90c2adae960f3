import { EncryptJWT, errors, jwtDecrypt } from "jose";

/**
 * Encrypts data that the browser keeps, as JWE tokens that only crmesh can make and read. So the server keeps no state
 * for the pages, and any replica can serve the next page.
 */
export class TokenCipher {
  readonly #keys: readonly Uint8Array[];
  readonly #now: () => number;

  /** @param keys of 32 bytes each: the first encrypts, all of them decrypt */
  constructor(keys: readonly Uint8Array[], now: () => number) {
    if (keys.length === 0 || keys.some((key) => key.length !== 32)) throw new RangeError("A key must have 32 bytes");
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * @param purpose a token can be decrypted only for the same purpose
   * @param content a JSON value
   */
  async encrypt(purpose: string, content: unknown, lifetimeS: number): Promise<string> {
    return new EncryptJWT({ content })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(this.#now() / 1000) + lifetimeS)
      .encrypt(this.#keys[0]!);
  }

  /** Returns the content. Null for a token that has another purpose, has expired, is damaged, or is not ours. */
  async decrypt<Content>(purpose: string, text: string | undefined): Promise<Content | null> {
    if (!text) return null;
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtDecrypt(text, key, {
          audience: purpose,
          currentDate: new Date(this.#now()),
          requiredClaims: ["exp"],
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        return payload["content"] as Content;
      } catch (error) {
        // Any error of the library means that this key does not decrypt the token.
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return null;
  }
}
