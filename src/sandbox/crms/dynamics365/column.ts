/** What a column holds; the names are those of the metadata's `AttributeType`. */
export type ColumnType =
  | "Uniqueidentifier"
  | "String"
  | "Memo"
  | "Integer"
  | "Double"
  | "Decimal"
  | "Money"
  | "Boolean"
  | "DateTime"
  | "Picklist"
  | "MultiSelectPicklist"
  | "State"
  | "Status"
  | "Lookup"
  | "Owner"
  | "Customer";

export interface Option {
  value: number;
  label: string;
  /** For a status: the state that it belongs to. */
  state?: number;
}

export interface Column {
  name: string;
  type: ColumnType;
  /** Characters, where the documents state a limit. */
  max?: number;
  options?: readonly Option[];
  /** Navigation property → entity, for lookups. */
  navigation?: Readonly<Record<string, string>>;
  readOnly?: boolean;
  /** Made by the organization itself. */
  label?: string;
  /** A day and not a moment. */
  dateOnly?: boolean;
}

type Columns = Record<string, Column>;

export function isLookup({ type }: Column): boolean {
  return type === "Lookup" || type === "Owner" || type === "Customer";
}

export function texts(max: number, ...names: string[]): Columns {
  return columns(names, { type: "String", max });
}

export function of(type: ColumnType, ...names: string[]): Columns {
  return columns(names, { type });
}

export function readOnly(type: ColumnType, ...names: string[]): Columns {
  return columns(names, { type, readOnly: true });
}

export function choice(name: string, ...labels: string[]): Columns {
  return columns([name], { type: "Picklist", options: labels.map((label, index) => ({ value: index + 1, label })) });
}

export function lookup(name: string, navigation: Record<string, string>, type: ColumnType = "Lookup"): Columns {
  return columns([name], { type, navigation });
}

/** States, and the reasons of each: `[value, label, state]`. */
export function states(labels: readonly string[], statuses: readonly (readonly [number, string, number])[]): Columns {
  return {
    ...columns(["statecode"], { type: "State", options: labels.map((label, value) => ({ value, label })) }),
    ...columns(["statuscode"], {
      type: "Status",
      options: statuses.map(([value, label, state]) => ({ value, label, state })),
    }),
  };
}

export function custom(name: string, label: string, column: Omit<Column, "name" | "label">): Columns {
  return columns([name], { ...column, label });
}

function columns(names: readonly string[], column: Omit<Column, "name">): Columns {
  return Object.fromEntries(names.map((name) => [name, { ...column, name }]));
}
