import type { Field, Row } from "./account.js";
import { badRequest } from "./errors.js";

/** Checks what is written to the company's own fields. @throws Refusal 400 */
export function checkCustomFields(fields: readonly Field[], values: Row): void {
  for (const [code, value] of Object.entries(values)) {
    const field = fields.find((one) => one.isCustom && one.code === code);
    if (!field) throw badRequest(`Parameter '${code}' is not allowed for this request`);
    if (value !== null && !isValue(field, value)) throw badRequest(`Validation failed: ${code}: Invalid value`);
  }
}

function isValue({ type, options = [] }: Field, value: unknown): boolean {
  const isOption = (id: unknown) => options.some((option) => option.id === Number(id));
  switch (type) {
    case "double":
      return typeof value === "number";
    case "enum":
      return isOption(value);
    case "set":
      return Array.isArray(value) && value.length > 0 && value.every(isOption);
    default:
      return typeof value === "string";
  }
}
