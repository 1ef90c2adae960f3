/**
 * The unified fields of one resource that an operation selects. Nested fields have a dot: `emails`, `owner`,
 * `owner.name`. Each resource has one set per operation, so that all its reads select the same fields.
 */
export type Selection = ReadonlySet<string>;

/** Whether the selection contains more than the record's ids. If so, a written record must be read back. */
export function selectsFields(select: Selection): boolean {
  for (const path of select)
    if (path !== "id" && path !== "nativeId" && path !== "provider" && path !== "connection") return true;
  return false;
}
