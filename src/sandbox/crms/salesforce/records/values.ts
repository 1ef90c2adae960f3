import { asDouble, ExactNumber } from "../../../kit/exact-number.js";
import { formatDateTime, parseDate, parseDateTime } from "../dates.js";
import { badRequest, type SalesforceError } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Row, Value } from "../org.js";
import type { Field } from "../schema/field.js";
import type { ObjectSchema } from "../schema/object.js";

/** Reads a JSON value of a request into its stored form. @throws SalesforceError for a value of another type */
export function readValue(field: Field, json: unknown): Value {
  if (json === null) return field.type === "boolean" ? false : null;
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
      // Salesforce removes blanks around a text, and stores an empty text as null.
      return json.trim() === "" ? null : json.trim();
  }
}

/** Shows a stored value in an answer. */
export function showValue(field: Field, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  return field.type === "datetime" ? formatDateTime(Number(value)) : value;
}

/** Finds the fields that a read by id selects. It cannot follow relations as a query does. */
export function fieldsNamed(schema: ObjectSchema, names: readonly string[]): Field[] {
  return names.map((name) => {
    const field = schema.field(name);
    if (!field) throw badRequest("INVALID_FIELD", `No such column '${name}' on sobject of type ${schema.name}`);
    return field;
  });
}

export function showRecord(
  schema: ObjectSchema,
  row: Row,
  fields: readonly Field[],
  version: string,
): Record<string, unknown> {
  const shown: Record<string, Value> = {};
  for (const field of fields) shown[field.name] = showValue(field, row[field.name]);
  return { attributes: recordAttributes(schema, String(row.Id), version), ...shown };
}

/** The first member of every record in an answer. */
export function recordAttributes(schema: ObjectSchema, id: string, version: string) {
  return { type: schema.name, url: `/services/data/${version}/sobjects/${schema.name}/${id}` };
}

/** Number fields are doubles, whatever their length. Source: help.salesforce.com, article 000221617. */
function readNumber(field: Field, json: unknown): number {
  const number = typeof json === "string" && json.trim() !== "" ? Number(json) : asDouble(json);
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
  if (json instanceof ExactNumber) return "VALUE_NUMBER_INT";
  if (typeof json === "number") return Number.isInteger(json) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  if (typeof json === "boolean") return json ? "VALUE_TRUE" : "VALUE_FALSE";
  return Array.isArray(json) ? "START_ARRAY" : "START_OBJECT";
}
