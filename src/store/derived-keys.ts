import { hkdfSync } from "node:crypto";
import type { KeyRing } from "./encryption-keys.js";

export interface DerivedKey {
  /** The id of the encryption key from which it is derived. */
  id: string;
  key: Uint8Array;
}

/**
 * Derives the keys of one purpose (HKDF, SHA-256), so that all replicas have the same keys, and each purpose has its own.
 * The first key is the current one. The others read what older encryption keys made.
 */
export function derivedKeys({ current, keys }: KeyRing, purpose: string): DerivedKey[] {
  const ids = [current, ...[...keys.keys()].filter((id) => id !== current)];
  return ids.map((id) => ({ id, key: new Uint8Array(hkdfSync("sha256", keys.get(id)!, "", `crmesh ${purpose}`, 32)) }));
}
