/** A record, as the grouping sees it. */
export interface Member {
  readonly connectionId: string;
  readonly nativeId: string;
  /** In a form that can be compared: see `comparableName`. Empty if the record has no name. */
  readonly name: string;
  /** The personal addresses by which its CRM finds it, in the form of `normalEmail`, each once. */
  readonly addresses: readonly string[];
  /** Milliseconds since the epoch. Infinity if the CRM stores no time. */
  readonly createdAt: number;
}

/** A text that is equal for equal records. */
export function keyOfMember({ connectionId, nativeId }: Pick<Member, "connectionId" | "nativeId">): string {
  return `${connectionId} ${nativeId}`;
}

/** Older records first, then by the ids of the connections and of the records. */
export function byCreation(one: Member, other: Member): number {
  return compare(one.createdAt, other.createdAt) || byIds(one, other);
}

export function byIds(
  one: Pick<Member, "connectionId" | "nativeId">,
  other: Pick<Member, "connectionId" | "nativeId">,
): number {
  return compare(one.connectionId, other.connectionId) || compare(one.nativeId, other.nativeId);
}

export function compare<Value extends string | number>(one: Value, other: Value): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** A name without differences of case, accents, punctuation and the order of its words. */
export function comparableName(fullName: string | null | undefined): string {
  // CRMs show the address of a contact that has no name.
  if (!fullName || fullName.includes("@")) return "";
  const letters = fullName.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .sort()
    .join(" ");
}
