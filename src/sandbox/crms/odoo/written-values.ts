import { parseDate, parseDateTime } from "./date-times.js";
import type { Field } from "./fields.js";
import type { Stored } from "./rows.js";
import { sanitizeHtml } from "./html.js";
import { pythonRepr, type Json } from "./json.js";
import type { Model, Session } from "./model.js";
import { brokenReference, valueError } from "./rpc-error.js";

/** A written value in stored form; refuses what Odoo refuses. Relations to many records are not for it. */
export function storedValue(model: Model, name: string, field: Field, value: Json, session: Session): Stored {
  const { type } = field;
  if (type === "boolean") return Boolean(value);
  if (type === "integer" || type === "many2one_reference") return wholeNumber(value);
  if (type === "float") return decimalNumber(value);
  if (type === "monetary") return Math.round(decimalNumber(value) * 100) / 100;
  if (value === false || value === null) return null;
  if (type === "selection") return chosen(model, name, field, value);
  if (type === "many2one") return reference(model, name, field, value, session);
  if (type === "date") return value === "" ? null : parseDate(value);
  if (type === "datetime") return value === "" ? null : parseDateTime(value);
  return type === "html" ? sanitizeHtml(text(value)) : text(value);
}

function text(value: Json): string {
  const written = typeof value === "string" ? value : pythonRepr(value);
  if (written.includes("\0")) throw valueError("A string literal cannot contain NUL (0x00) characters.");
  return written;
}

function chosen(model: Model, name: string, field: Field, value: Json): Stored {
  if (field.selection?.some(([choice]) => choice === value)) return String(value);
  if (value === "" || value === 0) return null;
  throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
}

function reference(model: Model, name: string, field: Field, value: Json, session: Session): number {
  if (typeof value !== "number") throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  if (!session.database.get(field.relation ?? "", value)) throw brokenReference(model, name);
  return value;
}

function wholeNumber(value: Json): number {
  const number = Math.trunc(Number(value ?? 0));
  if (!Array.isArray(value) && Number.isSafeInteger(number)) return number;
  throw valueError(`invalid literal for int() with base 10: ${pythonRepr(value)}`);
}

function decimalNumber(value: Json): number {
  const number = Number(value ?? 0);
  if (!Array.isArray(value) && Number.isFinite(number)) return number;
  throw valueError(`could not convert string to float: ${pythonRepr(value)}`);
}
