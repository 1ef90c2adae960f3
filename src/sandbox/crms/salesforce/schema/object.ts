import type { Field } from "./field.js";

/** A list of other records that point at this one, as a sub-select names it. */
export interface ChildRelation {
  readonly name: string;
  readonly type: string;
  /** The reference in the other record. */
  readonly field: string;
  /** Only records with this status: AcceptedEventRelations and its like. */
  readonly status?: readonly string[];
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly fields: readonly Field[];
  readonly children?: readonly ChildRelation[];
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly deletable?: boolean;
  readonly searchable?: boolean;
}

/** One sObject of the org: what it is called, what it holds, and what may be done with it. */
export class ObjectSchema {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly fields: readonly Field[];
  readonly children: readonly ChildRelation[];
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly searchable: boolean;
  readonly #fields: Map<string, Field>;
  readonly #relations: Map<string, Field>;

  constructor(definition: ObjectDefinition) {
    this.name = definition.name;
    this.label = definition.label;
    this.labelPlural = definition.labelPlural;
    this.keyPrefix = definition.keyPrefix;
    this.fields = definition.fields;
    this.children = definition.children ?? [];
    this.createable = definition.createable ?? true;
    this.updateable = definition.updateable ?? true;
    this.deletable = definition.deletable ?? true;
    this.searchable = definition.searchable ?? true;
    this.#fields = new Map(definition.fields.map((field) => [field.name.toLowerCase(), field]));
    this.#relations = new Map(
      definition.fields
        .filter((field) => field.relationshipName !== null)
        .map((field) => [field.relationshipName!.toLowerCase(), field]),
    );
  }

  /** Field names ignore case everywhere in Salesforce. */
  field(name: string): Field | null {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  /** The reference field behind a relation such as `Owner`. */
  relation(name: string): Field | null {
    return this.#relations.get(name.toLowerCase()) ?? null;
  }

  child(name: string): ChildRelation | null {
    return this.children.find((child) => child.name.toLowerCase() === name.toLowerCase()) ?? null;
  }
}
