import { invalidInput } from "../../../errors/crm-error.js";

/** In characters. Long enough for common ids, and short enough for a database index. */
const MAX_LENGTH = 255;

/**
 * Checks the texts of an input that describes an end user.
 * @param idField name of the field that contains the workspace's own id of the end user
 * @throws CrmError INVALID_INPUT, which names every field that the database cannot store
 */
export function assertEndUserTexts(texts: Readonly<Record<string, string | null | undefined>>, idField: string): void {
  const errors: Record<string, string> = {};
  if (texts[idField]?.trim() === "") errors[`input.${idField}`] = "This must not be empty.";
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value !== "string") continue;
    if (value.length > MAX_LENGTH)
      errors[`input.${name}`] = `Expected at most ${MAX_LENGTH} characters, got ${value.length}.`;
    if (value.includes("\0")) errors[`input.${name}`] = "This must not contain NUL characters.";
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
}
