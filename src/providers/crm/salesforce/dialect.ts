import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "Salesforce";

export const dialect = jsonDialect(PROVIDER_NAME);

export const kit = fieldKit(dialect);

/** A checkbox always has a value: cleared, it is not ticked. */
export function checkbox(native: string) {
  return { ...kit.boolean(native), write: kit.input<boolean>(native, (value) => value ?? false) };
}
