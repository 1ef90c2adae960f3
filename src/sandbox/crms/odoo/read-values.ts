import { formatDateTime } from "./date-times.js";
import type { Field } from "./fields.js";
import type { Row, Stored } from "./rows.js";
import type { Json, JsonObject } from "./json.js";
import type { Model, Session } from "./model.js";
import { valueError } from "./rpc-error.js";

/** Leaves out archived records unless the caller asks for them. */
function isShown(row: Row | undefined, session: Session): row is Row {
  return row !== undefined && (row["active"] !== false || session.context["active_test"] === false);
}

/** A field's value in stored form, whether it is kept, computed or the other side of a relation. */
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

/** A record as `read` answers it: `id` is always there and empty values are `false`. */
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
    if (field !== undefined)
      answer[name] = toAnswer(valueOf(row, name, field, session), field, session, namesOfRelated);
  }
  return answer;
}

/** The names to read: all fields when none is asked for. */
export function fieldNames(asked: Json, model: Model): string[] {
  if (!Array.isArray(asked) || asked.length === 0) return [...model.fields.keys()];
  return asked.map((name) => {
    if (typeof name === "string" && model.fields.has(name)) return name;
    throw valueError(`Invalid field '${String(name)}' on model '${model.name}'`);
  });
}

export function displayNameOf(model: string, id: number, session: Session): string {
  const row = session.database.get(model, id);
  return row === undefined ? "" : session.model(model).displayName(row, session.database);
}

// A number is never empty in Odoo: nobody can tell "no revenue known" from "no revenue".
const NEVER_EMPTY = new Set(["integer", "float", "monetary", "many2one_reference"]);

function toAnswer(value: Stored, field: Field, session: Session, namesOfRelated: boolean): Json {
  if (value === null) return NEVER_EMPTY.has(field.type) ? 0 : false;
  if (typeof value !== "number") return value;
  if (field.type === "datetime") return formatDateTime(value);
  if (field.type !== "many2one" || !namesOfRelated) return value;
  return [value, displayNameOf(field.relation ?? "", value, session)];
}
