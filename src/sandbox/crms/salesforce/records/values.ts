import { formatDateTime, parseDate, parseDateTime } from "../dates.js";
import { badRequest, type SalesforceError } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Value } from "../org.js";
import type { Field } from "../schema/field.js";

/** A JSON value of a request as it is kept; throws what Salesforce says where the value cannot be of that type. */
export function readValue(field: Field, json: unknown): Value {
  if (json === null) return readNull(field);
  switch (field.type) {
    case "boolean":
      if (typeof json === "boolean") return json;
      if (json === "true" || json === "false") return json === "true";
      throw cannotDeserialize("boolean", json);
    case "int":
    case "double":
    case "currency":
      return readNumber(field, json);
    case "date":
      if (typeof json === "string" && parseDate(json) !== null) return json;
      throw cannotDeserialize("date", json);
    case "datetime": {
      const ms = typeof json === "string" ? parseDateTime(json) : null;
      if (ms === null) throw cannotDeserialize("datetime", json);
      return Math.floor(ms / 1000) * 1000;
    }
    case "id":
    case "reference":
      return readId(field, json);
    case "string":
    case "textarea":
    case "email":
    case "phone":
    case "url":
    case "picklist":
      if (typeof json !== "string") throw cannotDeserialize("string", json);
      // Salesforce keeps no blanks around a text, and no empty text.
      return json.trim() === "" ? null : json.trim();
  }
}

/** A kept value as an answer shows it. */
export function showValue(field: Field, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  return field.type === "datetime" ? formatDateTime(Number(value)) : value;
}

function readNull(field: Field): Value {
  return field.type === "boolean" ? false : null;
}

function readNumber(field: Field, json: unknown): number {
  const number = typeof json === "string" && json.trim() !== "" ? Number(json) : json;
  if (typeof number !== "number" || !Number.isFinite(number)) throw cannotDeserialize(field.type, json);
  if (field.type === "int" && !Number.isInteger(number)) throw cannotDeserialize("int", json);
  return number;
}

function readId(field: Field, json: unknown): Value {
  if (json === "") return null;
  const id = typeof json === "string" ? toLongId(json) : null;
  if (id === null) {
    throw badRequest("MALFORMED_ID", `${field.label}: id value of incorrect type: ${String(json)}`, [field.name]);
  }
  return id;
}

function cannotDeserialize(type: string, json: unknown): SalesforceError {
  return badRequest(
    "JSON_PARSER_ERROR",
    `Cannot deserialize instance of ${type} from ${tokenOf(json)} value ${JSON.stringify(json)}`,
  );
}

function tokenOf(json: unknown): string {
  if (typeof json === "string") return "VALUE_STRING";
  if (typeof json === "number") return Number.isInteger(json) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  if (typeof json === "boolean") return json ? "VALUE_TRUE" : "VALUE_FALSE";
  return Array.isArray(json) ? "START_ARRAY" : "START_OBJECT";
}
