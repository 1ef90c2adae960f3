import { hash, randomInt } from "node:crypto";
import type { Environment } from "./schema.js";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LENGTH = 32;
const SHAPE = /^(sk_(live|test)_)([A-Za-z0-9]{4,64})$/;

/** A new secret such as `sk_test_…`, with 32 random base62 characters (190 bits). */
export function newApiKeySecret(environment: Environment): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => BASE62.charAt(randomInt(BASE62.length)));
  return `sk_${environment}_${random.join("")}`;
}

/** SHA-256 in hex. A slow hash would add nothing: the secret is random, not a password. */
export function hashApiKey(secret: string): string {
  return hash("sha256", secret, "hex");
}

/** True for `sk_live_` or `sk_test_`, followed by 4 to 64 of [A-Za-z0-9]. */
export function isApiKeyShaped(text: string): boolean {
  return SHAPE.test(text);
}

/** The environment that a secret names. Null if the text is not an API key. */
export function environmentOf(secret: string): Environment | null {
  const environment = SHAPE.exec(secret)?.[2];
  return environment === "live" || environment === "test" ? environment : null;
}

/**
 * The beginning of a secret for lists, such as `sk_live_a1B2…`. It shows at most four of the random characters, and at
 * most a quarter of them, so that nobody can guess a short secret. Only `…` if the text is not an API key.
 */
export function prefixOf(secret: string): string {
  const [, prefix = "", , random = ""] = SHAPE.exec(secret) ?? [];
  return `${prefix}${random.slice(0, Math.min(4, Math.floor(random.length / 4)))}…`;
}
