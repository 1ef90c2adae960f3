import type { Field } from "./field.js";

/** A list of records that refer to this record, under the name for sub-selects. */
export interface ChildRelation {
  readonly name: string;
  readonly type: string;
  /** The reference in the other record. */
  readonly field: string;
  /** Only records with these statuses, for lists such as AcceptedEventRelations. */
  readonly status?: readonly string[];
}

interface Traits {
  readonly label: string;
  readonly labelPlural: string;
  readonly children: readonly ChildRelation[];
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly searchable: boolean;
}

interface Definition extends Partial<Traits> {
  readonly name: string;
  readonly keyPrefix: string;
  readonly fields: readonly Field[];
}

/** One sObject of the org: its names, its fields, and the calls that it allows. */
export interface ObjectSchema extends Traits, Omit<Definition, keyof Traits> {
  /** Finds a field. The case of field names does not matter in Salesforce. */
  field(name: string): Field | null;
  /** The reference field behind a relation such as `Owner`. */
  relation(name: string): Field | null;
  child(name: string): ChildRelation | null;
}

/** By default the label is the name, its plural has an `s`, and the object allows everything. */
export function objectSchema(definition: Definition): ObjectSchema {
  const { name, label = name, fields, children = [] } = definition;
  const byName = keyed(fields, (field) => field.name);
  const byRelation = keyed(fields, ({ relationshipName }) => relationshipName);
  const byChild = keyed(children, (child) => child.name);
  return {
    ...{ createable: true, updateable: true, deletable: true, searchable: true, labelPlural: `${label}s` },
    ...definition,
    label,
    children,
    field: (wanted) => byName.get(wanted.toLowerCase()) ?? null,
    relation: (wanted) => byRelation.get(wanted.toLowerCase()) ?? null,
    child: (wanted) => byChild.get(wanted.toLowerCase()) ?? null,
  };
}

function keyed<Item>(items: readonly Item[], nameOf: (item: Item) => string | null): Map<string, Item> {
  return new Map(items.flatMap((item) => [[nameOf(item)?.toLowerCase() ?? "", item] as const]));
}
