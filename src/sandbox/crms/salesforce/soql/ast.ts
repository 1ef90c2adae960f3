import type { LikePart } from "../../../kit/like.js";

/** A column's name as it was written, `Owner.Name` as two parts, and where in the query it stands. */
export interface ColumnName {
  parts: string[];
  at: number;
}

export type Literal =
  | { kind: "string"; text: string; pattern: LikePart[]; at: number }
  | { kind: "number"; value: number; at: number }
  | { kind: "boolean"; value: boolean; at: number }
  | { kind: "date"; text: string; at: number }
  | { kind: "datetime"; ms: number; at: number }
  | { kind: "null"; at: number };

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

export type Condition =
  | { kind: "and" | "or"; terms: Condition[] }
  | { kind: "not"; term: Condition }
  | { kind: "compare"; column: ColumnName; operator: ComparisonOperator; value: Literal }
  | { kind: "in"; column: ColumnName; negated: boolean; values: Literal[] };

export interface OrderTerm {
  column: ColumnName;
  descending: boolean;
  nullsLast: boolean;
}

export type SelectedColumn = { kind: "column"; column: ColumnName } | { kind: "children"; query: SelectQuery };

export interface SelectQuery {
  /** Empty for `COUNT()`. */
  columns: SelectedColumn[];
  from: { name: string; at: number };
  where: Condition | null;
  orderBy: OrderTerm[];
  limit: number | null;
  offset: number;
}
