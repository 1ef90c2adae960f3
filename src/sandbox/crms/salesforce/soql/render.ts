import type { FoundRecord, Org, Row } from "../org.js";
import { recordAttributes, showValue } from "../records/values.js";
import type { Field } from "../schema/field.js";
import type { ObjectSchema } from "../schema/object.js";
import type { ColumnName } from "./parser.js";
import { bindColumn, fieldValue, relatedRecord, type BoundColumn } from "./columns.js";
import { invalidField } from "./errors.js";

export type RenderedRecord = Record<string, unknown>;
export type Render = (row: Row) => RenderedRecord;

/** Columns by the relation that leads to them, in the order of the query. */
interface ColumnTree {
  fields: Field[];
  relations: Map<string, { reference: Field; tree: ColumnTree }>;
}

/** Compiles the JSON form of a record with its columns. Records that it refers to are nested. */
export function compileColumns(
  org: Org,
  soql: string,
  schema: ObjectSchema,
  names: readonly ColumnName[],
  version: string,
): Render {
  const tree = columnTree(
    soql,
    names.map((name) => bindColumn(soql, schema, name)),
  );
  return (row) => renderTree(org, { schema, row }, tree, version);
}

function columnTree(soql: string, columns: BoundColumn[]): ColumnTree {
  const root: ColumnTree = { fields: [], relations: new Map() };
  for (const { relations, field, at } of columns) {
    let tree = root;
    for (const reference of relations) {
      const name = reference.relationshipName!;
      const branch = tree.relations.get(name) ?? { reference, tree: { fields: [], relations: new Map() } };
      tree.relations.set(name, branch);
      tree = branch.tree;
    }
    if (tree.fields.includes(field)) throw invalidField(soql, at, `duplicate field selected: ${field.name}`);
    tree.fields.push(field);
  }
  return root;
}

function renderTree(org: Org, record: FoundRecord, tree: ColumnTree, version: string): RenderedRecord {
  const shown: RenderedRecord = { attributes: recordAttributes(record.schema, String(record.row.Id), version) };
  for (const field of tree.fields) shown[field.name] = showValue(field, fieldValue(record, field));
  for (const [name, { reference, tree: branch }] of tree.relations) {
    const related = relatedRecord(org, record.row, reference);
    shown[name] = related ? renderTree(org, related, branch, version) : null;
  }
  return shown;
}
