import type { CustomFieldDefinition } from "../contract/field-map.js";
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

/** The first whole number that does not fit into 32 bits with a sign. */
const INTEGER_END = 2 ** 31;

/**
 * The value to write to a custom field, checked against the field's own type: many CRMs turn a value of another type into
 * one that nobody wrote, or store nothing.
 * @throws FieldProblem for a value that the field cannot hold
 */
export function customValueToWrite(
  { type, numbersAreTexts, wholeNumber }: Pick<CustomFieldDefinition, "type" | "numbersAreTexts" | "wholeNumber">,
  value: unknown,
): unknown {
  switch (type) {
    case "NUMBER": {
      const number = numberToWrite(value);
      if (typeof number !== "number" && !(number instanceof LongNumber))
        throw new FieldProblem("Expected a number for this field, such as 12.5.");
      if (wholeNumber) assertWhole(number, wholeNumber);
      return numberToWrite(value, numbersAreTexts);
    }
    case "BOOLEAN":
      if (typeof value !== "boolean") throw new FieldProblem("Expected true or false for this field.");
      return value;
    case "DATE":
    case "DATE_TIME":
      if (!isDate(value))
        throw new FieldProblem(
          type === "DATE"
            ? "Expected a date for this field, such as 2026-11-23."
            : "Expected an ISO 8601 date-time for this field.",
        );
      return value;
    case "TEXT":
    case "SELECT":
    case "MULTI_SELECT":
    case "OTHER":
      return value;
  }
}

/** @throws FieldProblem for a fraction, or for more bits than the CRM's integers have */
export function assertWhole(number: number | LongNumber, bits: true | 32): void {
  const isFraction = typeof number === "number" ? !Number.isInteger(number) : String(number).includes(".");
  if (isFraction) throw new FieldProblem("Expected a whole number for this field.");
  if (bits === 32 && Math.abs(Number(number)) >= INTEGER_END)
    throw new FieldProblem("Expected a number that fits into the 32 bits of this field.");
}

/** A date, or a date-time that begins with one, that the calendar has. */
function isDate(value: unknown): boolean {
  const text = value instanceof Date ? value.toISOString() : value;
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:[T ]|$)/.exec(typeof text === "string" ? text : "") ?? [];
  if (day === undefined || Number.isNaN(Date.parse(String(text)))) return false;
  return new Date(`${day}T00:00:00.000Z`).toISOString().startsWith(day);
}
