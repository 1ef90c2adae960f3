import { invalidInput } from "../../../errors/crm-error.js";

/** In characters. Long enough for common ids, and short enough for a database index. */
const MAX_LENGTH = 255;

export interface EndUserTexts {
  /** The workspace's own id. */
  endUserId: string;
  displayName?: string | null;
  email?: string | null;
}

/**
 * Checks the texts of an input that describes an end user.
 * @throws CrmError INVALID_INPUT, which names every field that the database cannot store
 */
export function assertEndUserTexts({ endUserId, displayName, email }: EndUserTexts): void {
  const errors: Record<string, string> = {};
  if (endUserId.trim() === "") errors["input.endUserId"] = "This must not be empty.";
  for (const [name, value] of Object.entries({ endUserId, displayName, email })) {
    if (typeof value !== "string") continue;
    if (value.length > MAX_LENGTH)
      errors[`input.${name}`] = `Expected at most ${MAX_LENGTH} characters, got ${value.length}.`;
    if (value.includes("\0")) errors[`input.${name}`] = "This must not contain NUL characters.";
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
}
