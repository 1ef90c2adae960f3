import { createHash } from "node:crypto";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}

/** Whether a text is a UUID with a version and a variant of RFC 9562. */
export function isRfcUuid(text: unknown): text is string {
  return isUuid(text) && /^.{14}[1-8].{4}[89ab]/i.test(text);
}

/** Makes a UUID from names, so that an account always has the same ids. */
export function fixedUuid(...names: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(names.join("/")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
