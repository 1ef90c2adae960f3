import { inOrder } from "../../../kit/order.js";
import { badRequest } from "../errors.js";
import type { Org, Row, Value } from "../org.js";
import { objectOfOrg } from "../schema/index.js";
import type { ChildRelation, ObjectSchema } from "../schema/object.js";
import { bindColumn, columnValue } from "./columns.js";
import { comparable, compileCondition, type RowTest } from "./conditions.js";
import { malformedQuery, unsupportedObject } from "./errors.js";
import type { SelectQuery } from "./parser.js";
import { compileColumns, type Render, type RenderedRecord } from "./render.js";

const MAX_OFFSET = 2000;

export interface QueryOptions {
  /** True for `/queryAll`, which also returns records in the recycle bin. */
  includeDeleted: boolean;
  version: string;
}

/** The result of a query: its records, and the form in which they are shown. */
export interface QueryResult {
  rows: Row[];
  render: Render;
}

export function runQuery(org: Org, soql: string, query: SelectQuery, options: QueryOptions): QueryResult {
  const schema = objectOfOrg(org.name, query.from.name);
  if (!schema) throw unsupportedObject(soql, query.from.at, query.from.name);
  const compiled = compileQuery(org, soql, query, schema, options);
  return { rows: compiled.select(org.rows(schema)), render: compiled.render };
}

function compileQuery(
  org: Org,
  soql: string,
  query: SelectQuery,
  schema: ObjectSchema,
  options: QueryOptions,
): { select(candidates: Iterable<Row>): Row[]; render: Render } {
  if (query.offset > MAX_OFFSET) {
    throw badRequest("NUMBER_OUTSIDE_VALID_RANGE", `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
  }
  const render = compileSelect(org, soql, query, schema, options);
  const test: RowTest = query.where ? compileCondition({ org, schema, soql }, query.where) : () => true;
  const sort = compileOrder(org, soql, query, schema);
  return {
    render,
    select(candidates) {
      const rows = [...candidates].filter((row) => (options.includeDeleted || row.IsDeleted !== true) && test(row));
      const end = query.limit === null ? rows.length : query.offset + query.limit;
      return sort(rows).slice(query.offset, end);
    },
  };
}

function compileSelect(
  org: Org,
  soql: string,
  query: SelectQuery,
  schema: ObjectSchema,
  options: QueryOptions,
): Render {
  const names = query.columns.flatMap((selected) => (selected.kind === "column" ? [selected.column] : []));
  const columns = compileColumns(org, soql, schema, names, options.version);
  const lists = query.columns.flatMap((selected) =>
    selected.kind === "children" ? [compileChildList(org, soql, selected.query, schema, options)] : [],
  );
  return (row) => {
    const record: RenderedRecord = columns(row);
    for (const list of lists) record[list.name] = list.render(row);
    return record;
  };
}

/** Compiles a sub-select to a function that returns the children of a record. Null if it has no children. */
function compileChildList(
  org: Org,
  soql: string,
  query: SelectQuery,
  parent: ObjectSchema,
  options: QueryOptions,
): { name: string; render(parent: Row): object | null } {
  const relation = parent.child(query.from.name);
  if (!relation) {
    throw malformedQuery(soql, query.from.at, `Didn't understand relationship '${query.from.name}' in FROM part`);
  }
  if (query.columns.length === 0 || query.columns.some((column) => column.kind === "children")) {
    throw malformedQuery(soql, query.from.at, "a sub-select takes columns only, and goes one level deep");
  }
  const schema = objectOfOrg(org.name, relation.type)!;
  const compiled = compileQuery(org, soql, query, schema, options);
  let byParent: Map<Value, Row[]> | null = null;
  return {
    name: relation.name,
    render(row) {
      byParent ??= childrenByParent(org, schema, relation);
      const records = compiled.select(byParent.get(row.Id!) ?? []).map((child) => compiled.render(child));
      return records.length === 0 ? null : { totalSize: records.length, done: true, records };
    },
  };
}

function childrenByParent(org: Org, schema: ObjectSchema, { field, status }: ChildRelation): Map<Value, Row[]> {
  const children = [...org.rows(schema)].filter((row) => !status || status.includes(String(row.Status)));
  return Map.groupBy(children, (row) => row[field] ?? null);
}

function compileOrder(org: Org, soql: string, query: SelectQuery, schema: ObjectSchema): (rows: Row[]) => Row[] {
  const terms = query.orderBy.map((term) => {
    const column = bindColumn(soql, schema, term.column);
    if (!column.field.filterable) {
      throw malformedQuery(soql, column.at, `field '${column.field.name}' can not be sorted in a query call`);
    }
    const { descending, nullsLast } = term;
    const keyOf = (row: Row) => comparable(column.field, columnValue(org, schema, row, column));
    return { keyOf, descending, emptyLast: nullsLast };
  });
  return (rows) => inOrder(rows, terms);
}
