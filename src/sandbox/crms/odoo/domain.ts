import { allOf, anyOf, not, type Test } from "../../kit/conditions.js";
import { textOf } from "../../kit/json.js";
import { scalarTest } from "./domain-operators.js";
import { refuseHidden } from "./field-access.js";
import type { Field } from "./fields.js";
import { type Row, pythonRepr, type Json } from "./data.js";
import type { Model, Session } from "./model.js";
import { valueOf } from "./read-values.js";
import { RpcError, valueError } from "./rpc-error.js";

type Predicate = Test<Row>;

/** Whether a search finds archived records. By default it does not, unless the domain or the context requests them. */
type Archived = "hidden" | "shown";

/** The matching rows of a model, in no order. */
export function searchRows(domain: Json, model: Model, session: Session, archived?: Archived): Row[] {
  const matches = compileDomain(domain, model, session);
  const showAll = archived === "shown" || session.context["active_test"] === false || namesActive(domain);
  const hides = model.fields.has("active") && !showAll;
  return session.database.rows(model.name).filter((row) => !(hides && row["active"] !== true) && matches(row));
}

function namesActive(domain: Json): boolean {
  return Array.isArray(domain) && domain.some((term) => Array.isArray(term) && term[0] === "active");
}

/** A part of a domain. Odoo applies a negation to the terms inside, and each term then decides about empty values. */
type Part = (negated: boolean) => Predicate;

/** Reads a domain in prefix notation. Terms without an operator are joined by "and". */
function compileDomain(domain: Json, model: Model, session: Session): Predicate {
  if (domain === null || domain === false) return () => true;
  if (!Array.isArray(domain)) {
    const message = "Domains to normalize must have a 'domain' form: a list or tuple of domain components";
    throw new RpcError("builtins.AssertionError", message);
  }
  const stack: Part[] = [];
  const take = (): Part => {
    const part = stack.pop();
    if (part === undefined) throw valueError(`Domain ${pythonRepr(domain)} is syntactically not correct.`);
    return part;
  };
  for (const term of domain.toReversed()) {
    if (term === "&" || term === "|") stack.push(joined(term, take(), take()));
    else if (term === "!") stack.push(negation(take()));
    else stack.push((negated) => (negated ? compileOpposite(term, model, session) : compileLeaf(term, model, session)));
  }
  return allOf(stack.map((part) => part(false)));
}

function negation(part: Part): Part {
  return (negated) => part(!negated);
}

function joined(operator: "&" | "|", left: Part, right: Part): Part {
  return (negated) => {
    const parts = [left(negated), right(negated)];
    return (operator === "&") !== negated ? allOf(parts) : anyOf(parts);
  };
}

const OPERATORS = "=,!=,=?,>,>=,<,<=,in,not in,like,ilike,=like,=ilike,not like,not ilike".split(",");
const OPPOSITES = new Map(
  ["=,!=", "<,>=", ">,<=", "in,not in", "like,not like", "ilike,not ilike"].flatMap((pair) => {
    const [one = "", other = ""] = pair.split(",");
    return [[one, other] as const, [other, one] as const];
  }),
);

function compileOpposite(leaf: Json, model: Model, session: Session): Predicate {
  const [left = null, operator = null, right = null] = Array.isArray(leaf) ? leaf : [];
  const opposite = OPPOSITES.get(textOf(operator));
  if (opposite !== undefined) return compileLeaf([left, opposite, right], model, session);
  return not(compileLeaf(leaf, model, session));
}

function compileLeaf(leaf: Json, model: Model, session: Session): Predicate {
  if (!Array.isArray(leaf) || leaf.length !== 3) throw valueError(`Invalid leaf ${pythonRepr(leaf)}`);
  const [left, operator = null, right = null] = leaf;
  // Odoo's terms for "always" (1 = 1) and "never" (0 = 1).
  const isConstant = (left === 1 || left === 0) && right === 1;
  if (isConstant && (operator === "=" || operator === "!=")) return () => (operator === "=") === (left === 1);
  if (typeof left !== "string" || typeof operator !== "string" || !OPERATORS.includes(operator.toLowerCase())) {
    throw valueError(`Invalid leaf ${pythonRepr(leaf)}`);
  }
  const [name = "", ...path] = left.split(".");
  const field = model.fields.get(name);
  if (field === undefined) throw valueError(`Invalid field ${model.name}.${name} in leaf ${pythonRepr(leaf)}`);
  refuseHidden(session, model, [name]);
  if (path.length > 0) return throughRelation(name, field, [path.join("."), operator, right], leaf, model, session);
  return compileTerm(name, field, operator.toLowerCase(), right, session);
}

function throughRelation(
  name: string,
  field: Field,
  rest: Json[],
  leaf: Json,
  model: Model,
  session: Session,
): Predicate {
  if (field.relation === undefined) {
    throw valueError(`Invalid field ${model.name}.${name} in leaf ${pythonRepr(leaf)}`);
  }
  // Odoo finds archived records through a many2one, but not through an x2many.
  const archived = field.type === "many2one" ? "shown" : "hidden";
  const found = searchRows([rest], session.model(field.relation), session, archived);
  const ids = new Set(found.map((row) => row.id));
  return (row) => relatedIds(row, name, field, session).some((id) => ids.has(id));
}

function compileTerm(name: string, field: Field, operator: string, right: Json, session: Session): Predicate {
  if (operator === "=?") {
    return right === false || right === null ? () => true : compileTerm(name, field, "=", right, session);
  }
  const isMany = field.type === "many2many" || field.type === "one2many";
  if (field.relation !== undefined && namesRecords(right)) {
    return compileNamed(name, field, field.relation, operator, right, session);
  }
  if (!isMany) {
    const test = scalarTest(field, operator, right, name === "id");
    return (row) => test(valueOf(row, name, field, session));
  }
  const negative = operator === "!=" || operator.startsWith("not ");
  if (right === false || right === null) {
    return (row) => relatedIds(row, name, field, session).length > 0 === negative;
  }
  const ids = new Set(Array.isArray(right) ? right : [right]);
  return (row) => relatedIds(row, name, field, session).some((id) => ids.has(id)) !== negative;
}

/** Compiles a term that compares a relation with a text. Odoo then searches for the related records by name. */
function compileNamed(
  name: string,
  field: Field,
  relation: string,
  operator: string,
  right: Json,
  session: Session,
): Predicate {
  const negative = operator === "!=" || operator.startsWith("not ");
  const names = Array.isArray(right) ? right : [right];
  const positive = operator.replace("!=", "=").replace("not ", "").replace(/^in$/, "=");
  const related = session.model(relation);
  const found = names.flatMap((each) => searchByName(each, positive, related, session));
  const ids = new Set(found.map((row) => row.id));
  return (row) => relatedIds(row, name, field, session).some((id) => ids.has(id)) !== negative;
}

function namesRecords(right: Json): boolean {
  if (Array.isArray(right)) return right.length > 0 && right.every((item) => typeof item === "string");
  return typeof right === "string" && right !== "";
}

/** Finds the records with a matching name field, including archived records. */
function searchByName(name: Json, operator: string, model: Model, session: Session): Row[] {
  const terms = model.searchedByName.map((field): Json => [field, operator, name]);
  const ors = terms.slice(1).map((): Json => "|");
  return searchRows([...ors, ...terms], model, session, "shown");
}

function relatedIds(row: Row, name: string, field: Field, session: Session): number[] {
  const value = valueOf(row, name, field, session);
  if (Array.isArray(value)) return value;
  return typeof value === "number" ? [value] : [];
}
