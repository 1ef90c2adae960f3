import { allOf, anyOf, holds, not, type Test } from "../../../kit/conditions.js";
import { matchesLike } from "../../../kit/like.js";
import type { Org, Row, Value } from "../org.js";
import { parseDate } from "../dates.js";
import { toLongId } from "../ids.js";
import type { ObjectSchema } from "../schema/object.js";
import type { Field } from "../schema/field.js";
import { bindColumn, columnValue, type BoundColumn } from "./columns.js";
import { invalidField } from "./errors.js";
import type { ComparisonOperator, Condition } from "./parser.js";
import type { Literal } from "./tokens.js";

export type RowTest = Test<Row>;

export interface ConditionContext {
  org: Org;
  schema: ObjectSchema;
  soql: string;
}

/** Compiles a WHERE to a test of one record. Finds all faults of the WHERE before any record is read. */
export function compileCondition(context: ConditionContext, condition: Condition): RowTest {
  switch (condition.kind) {
    case "and":
      return allOf(condition.terms.map((term) => compileCondition(context, term)));
    case "or":
      return anyOf(condition.terms.map((term) => compileCondition(context, term)));
    case "not":
      return not(compileCondition(context, condition.term));
    case "compare": {
      const column = filterColumn(context, condition.column);
      const test = compareTo(context, column.field, condition.operator, condition.value);
      return (row) => test(columnValue(context.org, context.schema, row, column));
    }
    case "in": {
      const column = filterColumn(context, condition.column);
      const values = condition.values.map((value) => literalValue(context, column.field, value));
      const members = new Set(values);
      const valueOf = (row: Row) => columnValue(context.org, context.schema, row, column);
      return (row) => members.has(comparable(column.field, valueOf(row))) !== condition.negated;
    }
  }
}

/** The form in which a value is compared: texts in lower case, everything else unchanged. */
export function comparable(field: Field, value: Value): Value {
  if (field.type === "date" && typeof value === "string") return parseDate(value);
  return typeof value === "string" && !isId(field) ? value.toLowerCase() : value;
}

function filterColumn(context: ConditionContext, name: Parameters<typeof bindColumn>[2]): BoundColumn {
  const column = bindColumn(context.soql, context.schema, name);
  if (column.field.filterable) return column;
  throw invalidField(context.soql, name.at, `field '${column.field.name}' can not be filtered in a query call`);
}

function compareTo(
  context: ConditionContext,
  field: Field,
  operator: ComparisonOperator,
  literal: Literal,
): (value: Value) => boolean {
  if (operator === "LIKE") {
    if (literal.kind !== "string" || typeOf(field) !== "string") throw operatorNotAllowed(context, literal, operator);
    return (value) => typeof value === "string" && matchesLike(value.toLowerCase(), literal.pattern);
  }
  const wanted = literalValue(context, field, literal);
  if (operator === "=") return (value) => comparable(field, value) === wanted;
  if (operator === "!=") return (value) => comparable(field, value) !== wanted;
  if (wanted === null || typeof wanted === "boolean") throw operatorNotAllowed(context, literal, operator);
  return (value) => {
    const actual = comparable(field, value);
    // An empty field is neither less nor greater than any value.
    if (actual === null) return false;
    return holds(actual, operator, wanted);
  };
}

/** Reads a literal in the form in which values of the field are compared. Refuses a literal of another type. */
function literalValue(context: ConditionContext, field: Field, literal: Literal): Value {
  if (literal.kind === "null") return null;
  const wanted = typeOf(field);
  if (literal.kind !== wanted) {
    const quotes = wanted === "string" ? "should be enclosed in quotes" : "should not be enclosed in quotes";
    throw invalidField(
      context.soql,
      literal.at,
      `value of filter criterion for field '${field.name}' must be of type ${field.type} and ${quotes}`,
    );
  }
  switch (literal.kind) {
    case "string":
      // A text that is not an id stays as it is, and matches no record.
      return isId(field) ? (toLongId(literal.text) ?? literal.text) : literal.text.toLowerCase();
    case "datetime":
      return literal.ms;
    case "date":
      return parseDate(literal.text);
    case "number":
    case "boolean":
      return literal.value;
  }
}

function typeOf(field: Field): Literal["kind"] {
  switch (field.type) {
    case "int":
    case "double":
    case "currency":
      return "number";
    case "boolean":
    case "date":
    case "datetime":
      return field.type;
    case "id":
    case "reference":
    case "string":
    case "textarea":
    case "email":
    case "phone":
    case "url":
    case "picklist":
      return "string";
  }
}

function isId(field: Field): boolean {
  return field.type === "id" || field.type === "reference";
}

function operatorNotAllowed(context: ConditionContext, literal: Literal, operator: string) {
  return invalidField(context.soql, literal.at, `invalid operator '${operator}' for this field and value`);
}
