import { inOrder, type OrderTerm } from "../../kit/order.js";
import { refuseHidden } from "./field-access.js";
import type { Field } from "./fields.js";
import type { Row, Stored } from "./data.js";
import type { Model, Session } from "./model.js";
import { displayNameOf, valueOf } from "./read-values.js";
import { userError, valueError } from "./rpc-error.js";

const TERM = /^\s*([a-z0-9_]+)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*$/i;

/** Sorts rows by a comma-separated list of terms. Empty values are sorted like nulls in PostgreSQL. */
export function sortRows(rows: readonly Row[], order: string, model: Model, session: Session): Row[] {
  const terms = order.split(",").map((term) => parseTerm(term, order, model, session));
  const byId: OrderTerm<Row, Stored> = { keyOf: ({ id }) => id, descending: false, emptyLast: true };
  return inOrder(rows, [...terms, byId]);
}

function parseTerm(term: string, order: string, model: Model, session: Session): OrderTerm<Row, Stored> {
  const [, name, direction, nulls] = TERM.exec(term) ?? [];
  if (name === undefined) {
    throw userError(
      `Invalid "order" specified (${order}). A valid "order" specification is a comma-separated list of valid field ` +
        "names (optionally followed by asc/desc for the direction)",
    );
  }
  const field = model.fields.get(name);
  if (field === undefined) throw valueError(`Invalid field '${name}' on model '${model.name}'`);
  refuseHidden(session, model, [name]);
  const descending = direction?.toLowerCase() === "desc";
  const emptyLast = nulls === undefined ? !descending : nulls.toLowerCase() === "last";
  return { keyOf: (row) => sortKey(row, name, field, session), descending, emptyLast, compare: compareStored };
}

function sortKey(row: Row, name: string, field: Field, session: Session): Stored {
  const value = valueOf(row, name, field, session);
  if (field.type !== "many2one" || typeof value !== "number") return value;
  return displayNameOf(field.relation ?? "", value, session);
}

/** Odoo creates its databases with the collation C, which compares bytes. Recorded from Odoo 17. */
function compareStored(a: Stored, b: Stored): number {
  const areTexts = typeof a === "string" && typeof b === "string";
  return areTexts ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : Number(a) - Number(b);
}
