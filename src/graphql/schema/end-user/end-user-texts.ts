import { invalidInput } from "../../../errors/crm-error.js";

/** Long enough for any scheme of ids, short enough for an index. */
const MAX_LENGTH = 255;

export interface EndUserTexts {
  /** The workspace's own id. */
  endUserId: string;
  displayName?: string | null;
  email?: string | null;
}

/**
 * Checks the texts of an input that names an end user.
 * @throws CrmError INVALID_INPUT naming every field that cannot be kept
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
