import type { Org, Row, Value } from "../org.js";
import { objectNamed } from "../schema/index.js";
import type { ChildRelation, ObjectSchema } from "../schema/object.js";
import type { SelectQuery } from "./ast.js";
import { malformedQuery } from "./errors.js";
import type { RenderedRecord } from "./render.js";

/** A query's part that is carried out on some records of its object. */
export interface CompiledQuery {
  select(candidates: Iterable<Row>): Row[];
  render(row: Row): RenderedRecord;
}

/** The list that a sub-select adds to each record: that record's children, or null where it has none. */
export interface ChildList {
  name: string;
  render(parent: Row): { totalSize: number; done: true; records: RenderedRecord[] } | null;
}

export function compileChildList(
  org: Org,
  soql: string,
  query: SelectQuery,
  parent: ObjectSchema,
  compile: (schema: ObjectSchema) => CompiledQuery,
): ChildList {
  const relation = parent.child(query.from.name);
  if (!relation) {
    throw malformedQuery(soql, query.from.at, `Didn't understand relationship '${query.from.name}' in FROM part`);
  }
  if (query.columns.length === 0 || query.columns.some((column) => column.kind === "children")) {
    throw malformedQuery(soql, query.from.at, "a sub-select takes columns only, and goes one level deep");
  }
  const schema = objectNamed(relation.type)!;
  const compiled = compile(schema);
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

function childrenByParent(org: Org, schema: ObjectSchema, relation: ChildRelation): Map<Value, Row[]> {
  const byParent = new Map<Value, Row[]>();
  for (const row of org.rows(schema)) {
    const parentId = row[relation.field] ?? null;
    if (parentId === null || (relation.status && !relation.status.includes(String(row.Status)))) continue;
    const siblings = byParent.get(parentId);
    if (siblings) siblings.push(row);
    else byParent.set(parentId, [row]);
  }
  return byParent;
}
