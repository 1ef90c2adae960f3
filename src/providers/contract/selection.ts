/**
 * The unified fields of one resource that an operation selects. Nested fields have a dot: `emails`, `owner`,
 * `owner.name`. Each resource has one set per operation, so that all its reads select the same fields.
 */
export type Selection = ReadonlySet<string>;

/** The path by which an operation selects one native field of `customFields`. */
export const customFieldPath = (key: string): string => `customFields(${key})`;

export interface CustomSelection {
  /** Whether all fields that the account has added are selected. */
  own: boolean;
  /** Native names of fields that are selected by name. */
  keys: ReadonlySet<string>;
}

const customSelections = new WeakMap<Selection, CustomSelection | null>();

/** What a selection needs of `customFields`; null if nothing. */
export function customSelection(select: Selection): CustomSelection | null {
  let found = customSelections.get(select);
  if (found === undefined) customSelections.set(select, (found = customSelectionOf(select)));
  return found;
}

function customSelectionOf(select: Selection): CustomSelection | null {
  const own = select.has("customFields");
  const keys = new Set([...select].flatMap((path) => /^customFields\((.*)\)$/s.exec(path)?.[1] ?? []));
  return own || keys.size > 0 ? { own, keys } : null;
}

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
