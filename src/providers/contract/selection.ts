/**
 * The unified fields of one resource that an operation selects, nested ones dotted: `emails`, `owner`, `owner.name`.
 * One set per resource and operation, so that every read of it asks for the same fields.
 */
export type Selection = ReadonlySet<string>;

/** Whether anything beyond the record's identity is selected, so that a written record must be read back. */
export function selectsFields(select: Selection): boolean {
  for (const path of select)
    if (path !== "id" && path !== "nativeId" && path !== "provider" && path !== "connection") return true;
  return false;
}
