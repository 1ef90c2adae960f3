/**
 * The unified fields of one resource that an operation selects, nested ones dotted: `emails`, `owner`, `owner.name`.
 * One set per resource and operation, so that every read of it asks for the same fields.
 */
export type Selection = ReadonlySet<string>;

/** Fields of a record that are known without asking the CRM for a field of it. */
const IDENTITY: ReadonlySet<string> = new Set(["id", "nativeId", "provider", "providerSlug", "connection", "endUserId"]);

export function isIdentity(field: string): boolean {
  return IDENTITY.has(field);
}

/** Whether anything beyond the record's identity is selected, so that a written record must be read back. */
export function selectsFields(select: Selection): boolean {
  for (const path of select) if (!isIdentity(path)) return true;
  return false;
}
