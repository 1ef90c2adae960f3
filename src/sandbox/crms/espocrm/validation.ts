import { asDouble } from "../../kit/exact-number.js";
import type { Row } from "./database.js";
import { systemDateTime } from "./database.js";
import { optionsOf, type FieldDefs, type Fields } from "./entity-defs.js";
import { EspoError, validationFailure } from "./errors.js";
import { isValidNumber } from "./phone-number.js";

const VARCHAR_MAX = 255;
const CURRENCIES = ["USD", "EUR"];
/** ASCII, and a host with a dot: PHP's FILTER_VALIDATE_EMAIL. */
const EMAIL = /^[!-?A-~]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** The stored form of a value. An empty text is null, and an ISO 8601 date-time is converted to UTC, if it has whole seconds. */
export function stored(value: unknown, type: string): unknown {
  if ((value === "" || value === undefined) && type !== "bool") return null;
  if (/^datetime/.test(type) && typeof value === "string" && /T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})$/.test(value)) {
    const time = Date.parse(value);
    return Number.isNaN(time) ? value : systemDateTime(time);
  }
  // Columns of MySQL’s type double, of which PHP prints 14 digits. Recorded from EspoCRM 8.4.2.
  if (type === "float" || type === "currency") return fourteenDigits(asDouble(value));
  // A column of integers keeps the whole part. Recorded from EspoCRM 8.4.2, as the false for any text.
  if (type === "int") return typeof value === "number" ? Math.trunc(value) : value;
  if (type === "bool") {
    // The column is NOT NULL, and the database's refusal has no text.
    if (value === null) throw new EspoError(500);
    return value === true || value === "true" || value === 1;
  }
  return value;
}

const fourteenDigits = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(14)) : value);

/**
 * Checks the changed record against the metadata.
 * @param touched whether the call writes an attribute; in a create, true for all attributes
 * @throws EspoError 400 for the first field that is wrong
 */
export function validate(fields: Fields, row: Row, touched: (attribute: string) => boolean): void {
  for (const [field, defs] of Object.entries(fields)) {
    if (defs.readOnly) continue;
    const attribute = defs.type === "link" ? `${field}Id` : field;
    const value = row[attribute] ?? row[`${field}Date`] ?? null;
    if (defs.required && (touched(attribute) || touched(`${field}Date`)) && value === null) {
      throw validationFailure(field, "required");
    }
    if (row[`${field}Data`] && touched(`${field}Data`)) validateData(field, row[`${field}Data`]);
    if (!touched(attribute) || row[attribute] === undefined) continue;
    // An enum can be empty only if that is one of its options.
    if (row[attribute] === null && !(defs.type === "enum" && optionsOf(defs)?.includes("") === false)) continue;
    const fault = faultOf(row, field, defs, row[attribute]);
    if (fault !== null) throw validationFailure(field, fault);
  }
}

/** The name of the check that a value fails. */
function faultOf(row: Row, field: string, defs: FieldDefs, value: unknown): string | null {
  const text = typeof value === "string" ? value : null;
  switch (defs.type) {
    case "varchar":
    case "text":
    case "url":
      if (text === null) return "valid";
      if (defs.pattern && /[<>=]/.test(text)) return "pattern";
      if (defs.type === "text" && defs.maxLength === undefined) return null;
      return [...text].length > (defs.maxLength ?? VARCHAR_MAX) ? "maxLength" : null;
    case "enum":
      return optionsOf(defs)?.includes(String(value)) === false ? "valid" : null;
    case "multiEnum":
      return Array.isArray(value) && value.every((one) => defs.options!.includes(String(one))) ? null : "valid";
    case "int":
    case "float":
      return typeof value === "number" ? null : "valid";
    case "currency":
      if (typeof value !== "number") return "valid";
      if (value < 0) return "min";
      return CURRENCIES.includes(String(row[`${field}Currency`])) ? null : "validCurrency";
    case "date":
      return text !== null && DATE.test(text) ? null : "valid";
    case "datetime":
    case "datetimeOptional":
      return text !== null && DATE_TIME.test(text) ? null : "valid";
    default:
      return null;
  }
}

function validateData(field: string, data: unknown): void {
  const entries = Array.isArray(data) ? (data as Record<string, unknown>[]) : [];
  for (const entry of entries) {
    const value = entry[field];
    if (typeof value !== "string" || value === "") throw validationFailure(field, "valid");
    if (field === "emailAddress" && !EMAIL.test(value)) throw validationFailure(field, "emailAddress");
    if (field === "phoneNumber" && !isValidNumber(value)) throw validationFailure(field, "valid");
  }
}
