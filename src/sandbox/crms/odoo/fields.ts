import type { Stored, Row } from "./data.js";
import type { Database } from "./database.js";

export type FieldType =
  | "char"
  | "html"
  | "boolean"
  | "integer"
  | "float"
  | "monetary"
  | "selection"
  | "date"
  | "datetime"
  | "many2one"
  | "many2one_reference"
  | "many2many"
  | "one2many";

export interface Field {
  readonly type: FieldType;
  readonly label: string;
  readonly required?: boolean;
  readonly default?: Stored;
  /** The model at the other end of a relation. */
  readonly relation?: string;
  /** For a one2many, the many2one field of the related model. */
  readonly inverse?: string;
  /** The effect of deleting the referenced record. By default the reference is emptied. */
  readonly onDelete?: "cascade" | "restrict";
  readonly selection?: readonly (readonly [value: string, label: string])[];
  /** Computes the value for each read. Such a field cannot be written. */
  readonly compute?: (row: Row, database: Database) => Stored;
}

type Options = Partial<Omit<Field, "type" | "label" | "relation" | "inverse" | "selection">>;

const plain =
  (type: FieldType) =>
  (label: string, options: Options = {}): Field => ({ type, label, ...options });

export const char = plain("char");
export const html = plain("html");
export const boolean = plain("boolean");
export const integer = plain("integer");
export const float = plain("float");
export const monetary = plain("monetary");
export const date = plain("date");
export const datetime = plain("datetime");
export const many2oneReference = plain("many2one_reference");

export function selection(
  label: string,
  choices: readonly (readonly [value: string, label: string])[],
  options: Options = {},
): Field {
  return { type: "selection", label, selection: choices, ...options };
}

export function many2one(label: string, relation: string, options: Options = {}): Field {
  return { type: "many2one", label, relation, ...options };
}

export function many2many(label: string, relation: string, options: Options = {}): Field {
  return { type: "many2many", label, relation, ...options };
}

export function one2many(label: string, relation: string, inverse: string): Field {
  return { type: "one2many", label, relation, inverse };
}
