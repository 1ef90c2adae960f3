/** The record that an id of a person names: the least of its group. */
export interface PersonId {
  /** The end user (`eu_…`). */
  endUserId: string;
  resource: "contact" | "lead";
  connectionId: string;
  nativeId: string;
}

const LETTERS = { contact: "c", lead: "l" } as const;

export function encodePersonId({ endUserId, resource, connectionId, nativeId }: PersonId): string {
  return Buffer.from(`p:${endUserId}:${LETTERS[resource]}:${connectionId}:${nativeId}`).toString("base64url");
}

/** Returns null if the text is not the id of a person. */
export function decodePersonId(id: string): PersonId | null {
  // Most ids are of records. Reading them to see that takes longer.
  if (!isPersonId(id)) return null;
  const match = /^p:(eu_[a-z0-9]+):([cl]):(con_[a-z0-9]+):(.+)$/s.exec(Buffer.from(id, "base64url").toString());
  if (!match) return null;
  const [, endUserId, letter, connectionId, nativeId] = match as unknown as [string, string, string, string, string];
  const decoded: PersonId = { endUserId, resource: letter === "c" ? "contact" : "lead", connectionId, nativeId };
  // base64url decoding accepts many spellings. Only the exact spelling is an id.
  return encodePersonId(decoded) === id ? decoded : null;
}

/** Whether a value looks like the id of a person, without reading it. */
export function isPersonId(value: unknown): boolean {
  // "p:eu" in base64url, as far as the next byte does not change it.
  return typeof value === "string" && value.startsWith("cDpld");
}
