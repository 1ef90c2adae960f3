import { textOf } from "../../kit/json.js";
import { parseDate, parseDateTime } from "./date-times.js";
import type { Field } from "./fields.js";
import { type Stored, isObject, pythonRepr, type Json } from "./data.js";
import { sanitizeHtml } from "./html.js";
import type { Model, Session } from "./model.js";
import { brokenReference, RpcError, valueError } from "./rpc-error.js";

/**
 * Converts a written value to its stored form, and refuses the values that Odoo refuses. Does not handle relations to
 * many records.
 */
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
  if (field.selection?.some(([choice]) => choice === value)) return textOf(value);
  if (value === "" || value === 0) return null;
  throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
}

function reference(model: Model, name: string, field: Field, value: Json, session: Session): number {
  if (typeof value !== "number") throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  if (!session.database.get(field.relation ?? "", value)) throw brokenReference(model, name);
  return value;
}

/** PostgreSQL's type integer has 32 bits. */
const INTEGER_END = 2 ** 31;

function wholeNumber(value: Json): number {
  const number = Math.trunc(Number(value ?? 0));
  if (!Array.isArray(value) && Number.isInteger(number)) {
    if (Math.abs(number) < INTEGER_END) return number;
    throw new RpcError("psycopg2.errors.NumericValueOutOfRange", "integer out of range");
  }
  throw valueError(`invalid literal for int() with base 10: ${pythonRepr(value)}`);
}

/** A column of double precision. */
function decimalNumber(value: Json): number {
  const number = Number(value ?? 0);
  if (!Array.isArray(value) && Number.isFinite(number)) return number;
  throw valueError(`could not convert string to float: ${pythonRepr(value)}`);
}

/**
 * A command for an x2many: `[0,0,values]` creates, `[1,id,values]` changes, `[2,id]` deletes, 3 removes a link, 4 adds
 * a link, 5 removes all links, `[6,0,ids]` replaces all links.
 */
type Command = [code: number, id: number, payload: Json];

function parseCommands(model: Model, name: string, value: Json): Command[] {
  if (value === false || value === null) return [[5, 0, false]];
  if (!Array.isArray(value)) throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  // A list of plain ids replaces all links.
  if (value.length > 0 && value.every((item) => typeof item === "number")) return [[6, 0, value]];
  return value.map((command) => {
    const [code, id = 0, payload = false] = Array.isArray(command) ? command : [];
    if (typeof code === "number" && code >= 0 && code <= 6) return [code, Number(id), payload];
    throw valueError(`Wrong value for ${model.name}.${name}: ${pythonRepr(value)}`);
  });
}

/** Returns the ids of a many2many after the commands. */
export function applyManyToMany(
  model: Model,
  name: string,
  field: Field,
  value: Json,
  current: Stored | undefined,
  session: Session,
): number[] {
  const related = session.model(field.relation ?? "");
  let ids = new Set(Array.isArray(current) ? current : []);
  for (const [code, id, payload] of parseCommands(model, name, value)) {
    if (code === 0) ids.add(session.create(related, isObject(payload) ? payload : {}).id);
    else if (code === 1) session.write(related, [id], isObject(payload) ? payload : {});
    else if (code === 2) session.unlink(related, [id]);
    else if (code === 4) ids.add(id);
    else if (code === 5) ids = new Set();
    else if (code === 6) ids = new Set(Array.isArray(payload) ? payload.map(Number) : []);
    if (code === 2 || code === 3) ids.delete(id);
  }
  for (const id of ids) if (!session.database.get(related.name, id)) throw brokenReference(model, name);
  return [...ids];
}
