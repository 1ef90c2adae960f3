import { holds, type Comparison } from "../../kit/conditions.js";
import { textOf } from "../../kit/json.js";
import { matchesLike, sqlPattern } from "../../kit/like.js";
import { formatDateTime, parseTimestamp } from "./date-times.js";
import type { Field } from "./fields.js";
import { type Stored, pythonRepr, type Json } from "./data.js";
import { RpcError, valueError } from "./rpc-error.js";

export type ScalarTest = (value: Stored) => boolean;

/**
 * Makes the test of a domain's term on a field with a single value. An empty value is SQL's null, with Odoo's
 * exceptions.
 */
export function scalarTest(field: Field, operator: string, right: Json, isId: boolean): ScalarTest {
  if (operator === "in" || operator === "not in") return membershipTest(field, operator === "not in", right);
  if (operator.endsWith("like")) return likeTest(operator, right, field);
  if (field.type === "boolean") {
    const wanted = operator === "!=" ? !right : Boolean(right);
    return (value) => (value === true) === wanted;
  }
  if (right === false || right === null) {
    if (operator === "=") return (value) => value === null && !isId;
    if (operator === "!=") return (value) => value !== null;
  }
  const bound = domainValue(field, operator, right);
  if (operator === "=" || operator === "!=") return (value) => (value === bound) === (operator === "=");
  const comparison = operator as Comparison;
  return (value) => value !== null && !Array.isArray(value) && bound !== null && holds(value, comparison, bound);
}

function membershipTest(field: Field, negative: boolean, right: Json): ScalarTest {
  if (typeof right === "boolean") return (value) => (value !== null) === (right !== negative);
  if (!Array.isArray(right)) throw valueError(`Invalid domain term ${pythonRepr(right)}`);
  const wanted = new Set<Stored>();
  for (const item of right) {
    if (field.type === "boolean") wanted.add(Boolean(item));
    else wanted.add(item === false || item === null ? null : domainValue(field, "=", item));
  }
  return (value) => wanted.has(field.type === "boolean" ? value === true : value) !== negative;
}

function likeTest(operator: string, right: Json, field: Field): ScalarTest {
  const text = right === false || right === null ? "" : textOf(right);
  const wrapped = operator.startsWith("=") ? text : `%${text}%`;
  const fold = (text: string) => (operator.endsWith("ilike") ? text.toLowerCase() : text);
  const pattern = sqlPattern(fold(wrapped), refuseDanglingEscape);
  const matches = (text: string) => matchesLike(fold(text), pattern);
  const negative = operator.startsWith("not ");
  // In Odoo, a search for an empty text and "does not contain" also match empty values.
  const matchesEmpty = negative || (!operator.startsWith("=") && text === "");
  return (value) => (value === null ? matchesEmpty : matches(asText(value, field)) !== negative);
}

function asText(value: Stored, field: Field): string {
  return field.type === "datetime" && typeof value === "number" ? formatDateTime(value) : String(value);
}

const NUMERIC_TYPES = new Set(["integer", "float", "monetary", "many2one", "many2one_reference"]);

function domainValue(field: Field, operator: string, right: Json): string | number | null {
  if (right === null || right === false) return null;
  if (NUMERIC_TYPES.has(field.type)) return numberValue(right);
  if (field.type !== "datetime") return typeof right === "string" ? right : pythonRepr(right);
  if (typeof right !== "string" || right.length !== 10) return parseTimestamp(right);
  // A date without a time stands for its whole day.
  return parseTimestamp(`${right} ${operator === ">" || operator === "<=" ? "23:59:59" : "00:00:00"}`);
}

function numberValue(right: Json): number {
  if (right === "" || Array.isArray(right) || Number.isNaN(Number(right))) {
    throw valueError(`invalid literal for int() with base 10: ${pythonRepr(right)}`);
  }
  return Number(right);
}

function refuseDanglingEscape(): never {
  throw new RpcError("psycopg2.errors.InvalidEscapeSequence", "LIKE pattern must not end with escape character\n");
}
