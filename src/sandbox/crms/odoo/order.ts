import type { Field, Row, Stored } from "./fields.js";
import type { Model, Session } from "./model.js";
import { displayNameOf, valueOf } from "./read-values.js";
import { userError, valueError } from "./rpc-error.js";

const TERM = /^\s*([a-z0-9_]+)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*$/i;
const collator = new Intl.Collator("en");

interface OrderTerm {
  name: string;
  field: Field;
  direction: 1 | -1;
  emptyLast: boolean;
}

/** The rows in the order of a comma-separated list of terms; empty values sort as PostgreSQL's nulls do. */
export function sortRows(rows: readonly Row[], order: string, model: Model, session: Session): Row[] {
  const terms = order.split(",").map((term) => parseTerm(term, order, model));
  return rows
    .map((row) => ({ row, keys: terms.map((term) => sortKey(row, term, session)) }))
    .sort((left, right) => compareKeys(left.keys, right.keys, terms) || left.row.id - right.row.id)
    .map(({ row }) => row);
}

function parseTerm(term: string, order: string, model: Model): OrderTerm {
  const [, name, direction, nulls] = TERM.exec(term) ?? [];
  if (name === undefined) {
    throw userError(
      `Invalid "order" specified (${order}). A valid "order" specification is a comma-separated list of valid field ` +
        "names (optionally followed by asc/desc for the direction)",
    );
  }
  const field = model.fields.get(name);
  if (field === undefined) throw valueError(`Invalid field '${name}' on model '${model.name}'`);
  const descending = direction?.toLowerCase() === "desc";
  const emptyLast = nulls === undefined ? !descending : nulls.toLowerCase() === "last";
  return { name, field, direction: descending ? -1 : 1, emptyLast };
}

function sortKey(row: Row, { name, field }: OrderTerm, session: Session): Stored {
  const value = valueOf(row, name, field, session);
  if (field.type !== "many2one" || typeof value !== "number") return value;
  return displayNameOf(field.relation ?? "", value, session);
}

function compareKeys(left: readonly Stored[], right: readonly Stored[], terms: readonly OrderTerm[]): number {
  for (const [index, term] of terms.entries()) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    if (a === null && b === null) continue;
    if (a === null) return term.emptyLast ? 1 : -1;
    if (b === null) return term.emptyLast ? -1 : 1;
    const compared = compareValues(a, b);
    if (compared !== 0) return compared * term.direction;
  }
  return 0;
}

function compareValues(a: Stored, b: Stored): number {
  return typeof a === "string" && typeof b === "string" ? collator.compare(a, b) : Number(a) - Number(b);
}
