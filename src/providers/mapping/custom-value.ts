import type { CustomFieldType } from "../contract/model.js";
import { LongNumber, numberFrom } from "../../upstream/long-number.js";
import { FieldProblem } from "../contract/field-map.js";
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
      case "NUMBER":
        return readNumber(value);
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

/** A number, or a string of digits where a double has fewer of them. Null for a value that is no number. */
function readNumber(value: unknown): number | string | null {
  const spelled = typeof value === "string" ? numberFrom(value.trim()) : undefined;
  if (spelled instanceof LongNumber) return String(spelled);
  const number = spelled ?? Number(value);
  return Number.isNaN(number) ? null : number;
}

/**
 * The value to write to a field of numbers: a text stands for the number that it spells, with all its digits.
 * @param asText whether the CRM's JSON has the numbers of this field as texts
 * @throws FieldProblem for a text that is no number
 */
export function numberToWrite(value: unknown, asText = false): unknown {
  const number = typeof value === "string" ? numberFrom(value.trim()) : value;
  if (number === undefined)
    throw new FieldProblem("Expected a number for this field, such as 12.5, got text that is no number.");
  return asText && (typeof number === "number" || number instanceof LongNumber) ? String(number) : number;
}
