import { textOf } from "../../kit/json.js";
import { formatDateTime } from "./date-times.js";
import type { Field } from "./fields.js";
import type { Row, Stored, Json, JsonObject } from "./data.js";
import { KEPT_BY_ODOO, type Model, type Session } from "./model.js";
import { valueError } from "./rpc-error.js";

/** Whether a read shows a record. Archived records are shown only if the caller requests them. */
function isShown(row: Row | undefined, session: Session): row is Row {
  return row !== undefined && (row["active"] !== false || session.context["active_test"] === false);
}

/** Returns a field's value in stored form. The field may be stored, computed, or the other side of a relation. */
export function valueOf(row: Row, name: string, field: Field, session: Session): Stored {
  const { relation = "", inverse = "" } = field;
  if (field.compute) return field.compute(row, session.database);
  if (field.type === "one2many") {
    const children = session.database.rows(relation).filter((child) => child[inverse] === row.id);
    return children.filter((child) => isShown(child, session)).map((child) => child.id);
  }
  const stored = row[name] ?? null;
  if (field.type !== "many2many" || !Array.isArray(stored)) return stored;
  return stored.filter((id) => isShown(session.database.get(relation, id), session));
}

/** Shows a record as `read` does: always with `id`, and with `false` for empty values. */
export function readRow(
  row: Row,
  model: Model,
  names: readonly string[],
  session: Session,
  namesOfRelated: boolean,
): JsonObject {
  const answer: JsonObject = { id: row.id };
  for (const name of names) {
    const field = model.fields.get(name);
    if (field === undefined) continue;
    const masked = model.masked?.(row, name, session);
    const value = masked === undefined ? valueOf(row, name, field, session) : masked;
    answer[name] = toAnswer(value, field, session, namesOfRelated);
  }
  return answer;
}

/** The names of the fields to read. Defaults to all fields. */
export function fieldNames(asked: Json, model: Model): string[] {
  if (!Array.isArray(asked) || asked.length === 0) return [...model.fields.keys()];
  return asked.map((name) => {
    if (typeof name === "string" && model.fields.has(name)) return name;
    throw valueError(`Invalid field '${textOf(name)}' on model '${model.name}'`);
  });
}

export function displayNameOf(model: string, id: number, session: Session): string {
  const row = session.database.get(model, id);
  return row === undefined ? "" : session.model(model).displayName(row, session.database);
}

// A number is never empty in Odoo: an unknown revenue is 0.
const NEVER_EMPTY = new Set(["integer", "float", "monetary", "many2one_reference"]);

function toAnswer(value: Stored, field: Field, session: Session, namesOfRelated: boolean): Json {
  if (value === null) return NEVER_EMPTY.has(field.type) ? 0 : false;
  if (typeof value !== "number") return value;
  if (field.type === "datetime") return formatDateTime(value);
  if (field.type !== "many2one" || !namesOfRelated) return value;
  return [value, displayNameOf(field.relation ?? "", value, session)];
}

/** Makes the answer of `fields_get`: the requested attributes of the requested fields. */
export function describeFields(model: Model, asked: Json, attributes: Json): JsonObject {
  const names = Array.isArray(asked) && asked.length > 0 ? asked : [...model.fields.keys()];
  const descriptions: JsonObject = {};
  for (const name of names) {
    const field = typeof name === "string" ? model.fields.get(name) : undefined;
    if (field !== undefined) descriptions[textOf(name)] = only(attributes, describe(textOf(name), field));
  }
  return descriptions;
}

function describe(name: string, field: Field): JsonObject {
  const isStored = !field.compute;
  return {
    name,
    type: field.type,
    string: field.label,
    required: field.required ?? false,
    readonly: !isStored || KEPT_BY_ODOO.has(name),
    store: isStored,
    searchable: true,
    sortable: isStored,
    ...(field.relation === undefined ? {} : { relation: field.relation }),
    ...(field.inverse === undefined ? {} : { relation_field: field.inverse }),
    ...(field.selection === undefined ? {} : { selection: field.selection.map((choice) => [...choice]) }),
  };
}

function only(attributes: Json, description: JsonObject): JsonObject {
  if (!Array.isArray(attributes) || attributes.length === 0) return description;
  return Object.fromEntries(Object.entries(description).filter(([name]) => attributes.includes(name)));
}
