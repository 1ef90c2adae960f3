import type { FastifyInstance } from "fastify";
import { allOf, anyOf, type Test } from "../../kit/conditions.js";
import { inOrder, type OrderTerm } from "../../kit/order.js";
import type { Module, Row, ZohoAccount } from "./account.js";
import { parseQuery, type Expression, type Query } from "./coql-parser.js";
import { invalidModule, limitExceeded, ZohoError } from "./errors.js";
import type { Field } from "./fields.js";
import { valueOf, viewRecord } from "./record-view.js";
import { accountOf } from "./request.js";
import { comparableOf, fieldTest } from "./value-tests.js";

const MAX_LIMIT = 2000;
const MAX_ROWS = 100_000;
const MAX_CRITERIA = 25;
const MAX_COLUMNS = 500;

export function invalidQuery(message: string, details: Record<string, unknown> = {}): ZohoError {
  return new ZohoError(400, "INVALID_QUERY", message, details);
}

/** Adds POST /coql. It queries the records themselves and not the search index, so its results are always current. */
export function addCoqlRoute(app: FastifyInstance, path: string): void {
  app.post(path, (request, reply) => {
    const account = accountOf(request);
    const { select_query: text } = (request.body ?? {}) as { select_query?: unknown };
    if (typeof text !== "string") {
      throw new ZohoError(400, "MANDATORY_NOT_FOUND", "required field not found", { api_name: "select_query" });
    }
    const query = parseQuery(text);
    const module = account.module(query.module);
    if (!module) throw invalidModule();
    if (query.columns.length > MAX_COLUMNS) throw invalidQuery("more columns than a query can select");
    if (query.limit < 1 || query.limit > MAX_LIMIT) {
      throw limitExceeded({ limit: MAX_LIMIT });
    }
    if (query.offset + query.limit > MAX_ROWS) {
      throw limitExceeded({ limit: MAX_ROWS });
    }
    for (const column of query.columns) fieldNamed(module, column);
    const criteria = criteriaOf(query.where);
    if (criteria.length > MAX_CRITERIA) throw invalidQuery("more criteria than a query can have");
    const passes = testOf(account, module, query.where);
    const hidesConverted = account.isStrict && !criteria.some(({ field }) => field.startsWith("Converted"));
    const passing = module.table
      .all()
      .filter((row) => !(hidesConverted && row.values["Converted__s"] === true) && passes(row));
    const rows = inOrder(passing, orderOf(module, [...query.order, { field: "id", descending: false }]));
    const found = rows.slice(query.offset, query.offset + query.limit);
    if (found.length === 0) return reply.code(204).send();
    return {
      data: found.map((row) => withShortOwner(account, row, viewRecord(account, module.fields, row, query.columns))),
      info: { count: found.length, more_records: query.offset + found.length < rows.length },
    };
  });
}

/** Shortens the names of users to the last name, as the answer to a query has them. */
function withShortOwner(account: ZohoAccount, row: Row, view: Record<string, unknown>) {
  if (!("Owner" in view)) return view;
  const owner = account.user(row.values["Owner"]) ?? account.currentUser;
  return { ...view, Owner: { name: owner.lastName, id: owner.id } };
}

function criteriaOf(expression: Expression): { field: string }[] {
  return expression.kind === "criterion" ? [expression] : expression.parts.flatMap(criteriaOf);
}

function testOf(account: ZohoAccount, module: Module, expression: Expression): Test<Row> {
  if (expression.kind === "criterion") {
    const { field, read } = pathOf(account, module, expression.field);
    const test = fieldTest(field, expression.comparator, expression.values);
    return (row) => test(read(row));
  }
  const tests = expression.parts.map((part) => testOf(account, module, part));
  return expression.kind === "and" ? allOf(tests) : anyOf(tests);
}

/** Finds a field of the module, or, through one lookup, a field of the referenced record. */
function pathOf(account: ZohoAccount, module: Module, path: string): { field: Field; read: (row: Row) => unknown } {
  const [, from, to, target] = /^(\w+)(?:->(\w+))?\.(\w+)$/.exec(path) ?? [];
  if (from === undefined) {
    const field = fieldNamed(module, path);
    if (["textarea", "participants", "tags"].includes(field.type)) {
      throw invalidQuery("column not supported in where", { column_name: path });
    }
    return { field, read: (row) => valueOf(field.name, row) };
  }
  const lookup = fieldNamed(module, from);
  const other = account.module(to ?? lookup.lookup ?? "");
  if (lookup.type !== "lookup" || !other) throw invalidQuery("invalid join", { column_name: path });
  const field = fieldNamed(other, target!);
  return {
    field,
    read(row) {
      if (to !== undefined && row.relatedModule !== to) return undefined;
      const linked = other.table.get(String(row.values[lookup.name]));
      return linked ? valueOf(field.name, linked) : undefined;
    },
  };
}

function fieldNamed(module: Module, name: string): Field {
  const field = module.fields.get(name);
  if (!field) throw invalidQuery("column given seems to be invalid", { column_name: name });
  return field;
}

function orderOf(module: Module, order: Query["order"]): OrderTerm<Row>[] {
  return order.map(({ field: name, descending }) => {
    const field = fieldNamed(module, name);
    const compare = (one: unknown, other: unknown) => comparableOf(field, one, other);
    return { keyOf: (row) => valueOf(field.name, row), descending, emptyLast: descending, compare };
  });
}
