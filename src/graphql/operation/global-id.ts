import { isUtf8 } from "node:buffer";
import type { ResourceName } from "../../providers/contract/model.js";

/** What has a global id within a connection. A `companyName` is a company that the CRM stores only by its name. */
export type GlobalIdKind = ResourceName | "owner" | "company" | "companyName";

export interface GlobalId {
  kind: GlobalIdKind;
  connectionId: string;
  nativeId: string;
}

const LETTERS = {
  contact: "c",
  lead: "l",
  meeting: "m",
  owner: "o",
  company: "y",
  companyName: "n",
} as const satisfies Record<GlobalIdKind, string>;
const BY_LETTER = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter as string, kind as GlobalIdKind]));

/** What an error calls each kind. */
const WORDS: Record<GlobalIdKind, string> = {
  contact: "a contact",
  lead: "a lead",
  meeting: "a meeting",
  owner: "an owner",
  company: "a company",
  companyName: "a company",
};

/** Makes the opaque id of a record, an owner or a company. It contains the kind, the connection and the native id. */
export function encodeGlobalId({ kind, connectionId, nativeId }: GlobalId): string {
  return Buffer.from(`${LETTERS[kind]}:${connectionId}:${nativeId}`).toString("base64url");
}

/** Returns null if the text is not a global id, e.g. if it is a native id. */
export function decodeGlobalId(id: string): GlobalId | null {
  const bytes = Buffer.from(id, "base64url");
  // base64url decoding accepts many spellings. Only the exact spelling is a global id.
  if (bytes.toString("base64url") !== id || !isUtf8(bytes)) return null;
  const match = /^([clmoyn]):(con_[a-z0-9]+):(.+)$/s.exec(bytes.toString());
  if (!match) return null;
  const [, letter, connectionId, nativeId] = match as unknown as [string, string, string, string];
  return { kind: BY_LETTER.get(letter)!, connectionId, nativeId };
}

/** Explains that an id is of none of the expected kinds. Returns null if it is of one of them. */
export function wrongKind(kind: GlobalIdKind, expected: readonly GlobalIdKind[]): string | null {
  if (expected.includes(kind)) return null;
  return `Expected the id of ${WORDS[expected[0]!]}, but this is the id of ${WORDS[kind]}.`;
}
