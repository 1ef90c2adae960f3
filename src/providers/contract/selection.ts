/**
 * The unified fields of one resource that an operation selects. Nested fields have a dot: `emails`, `owner`,
 * `owner.name`. Each resource has one set per operation, so that all its reads select the same fields.
 */
export type Selection = ReadonlySet<string>;

/** Fields of a record that are known without asking the CRM for a field of it. */
const IDENTITY: ReadonlySet<string> = new Set([
  "id",
  "nativeId",
  "provider",
  "providerSlug",
  "connection",
  "endUserId",
]);

export function isIdentity(field: string): boolean {
  return IDENTITY.has(field);
}

/** Whether the selection contains more than the record's ids. If so, a written record is made of the CRM's answer, or read. */
export function selectsFields(select: Selection): boolean {
  for (const path of select) if (!isIdentity(path)) return true;
  return false;
}
