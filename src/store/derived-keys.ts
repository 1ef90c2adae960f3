import { hkdfSync } from "node:crypto";
import type { KeyRing } from "./encryption-keys.js";

export interface DerivedKey {
  /** The id of the encryption key it comes from. */
  id: string;
  key: Uint8Array;
}

/**
 * Keys of their own for one purpose, derived (HKDF, SHA-256) so that every replica has the same ones and no purpose knows
 * another's. The current one first: it makes what is new, the others still read what is old.
 */
export function derivedKeys({ current, keys }: KeyRing, purpose: string): DerivedKey[] {
  const ids = [current, ...[...keys.keys()].filter((id) => id !== current)];
  return ids.map((id) => ({ id, key: new Uint8Array(hkdfSync("sha256", keys.get(id)!, "", `crmesh ${purpose}`, 32)) }));
}
