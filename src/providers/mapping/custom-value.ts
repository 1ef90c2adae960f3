import type { CustomFieldType } from "../contract/model.js";
import type { ValueDialect } from "./value-dialect.js";

/**
 * Reads custom fields by their type, for CRMs whose JSON has typed values or texts of them.
 * @param separator between the values of a MULTI_SELECT that is a text
 */
export function customValueReader({ readText, readDateTime, readBoolean }: ValueDialect, separator = ";") {
  return (value: unknown, type: CustomFieldType): unknown => {
    if (type === "MULTI_SELECT") {
      const values = Array.isArray(value) ? value.map(readText) : (readText(value) ?? "").split(separator);
      return values.filter((one) => one !== null && one !== "");
    }
    if (readText(value) === null && value !== false) return null;
    switch (type) {
      case "NUMBER": {
        const number = Number(value);
        return Number.isNaN(number) ? null : number;
      }
      case "BOOLEAN":
        return readBoolean(value);
      case "DATE":
        return readDateTime(value)?.slice(0, 10) ?? null;
      case "DATE_TIME":
        return readDateTime(value);
      case "TEXT":
      case "SELECT":
      case "OTHER":
        return readText(value);
    }
  };
}
