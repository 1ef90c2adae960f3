import { EncryptJWT, errors, jwtDecrypt } from "jose";

/**
 * Makes texts that only crmesh can read and make, for the browser to keep: the pages then need no memory of their own, and
 * any replica can serve the next one.
 */
export class Seal {
  readonly #keys: readonly Uint8Array[];
  readonly #now: () => number;

  /** @param keys of 32 bytes; the first seals, all of them open */
  constructor(keys: readonly Uint8Array[], now: () => number) {
    if (keys.length === 0 || keys.some((key) => key.length !== 32)) throw new RangeError("A key must have 32 bytes");
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * @param purpose what is sealed for one purpose opens for no other
   * @param content what JSON can hold
   */
  async close(purpose: string, content: unknown, lifetimeS: number): Promise<string> {
    return new EncryptJWT({ content })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(this.#now() / 1000) + lifetimeS)
      .encrypt(this.#keys[0]!);
  }

  /** What was sealed; null when it is not ours, was sealed for another purpose, is damaged or too old. */
  async open<Content>(purpose: string, text: string | undefined): Promise<Content | null> {
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
        // Any of the library's errors says that it is not to be opened with this key.
        if (!(error instanceof errors.JOSEError)) throw error;
      }
    }
    return null;
  }
}
