/** The type of a column, with the names of `AttributeType` in the metadata. */
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
  /** The state of a status. */
  state?: number;
}

export interface Column {
  name: string;
  type: ColumnType;
  /** Maximum number of characters, if the documents state it. */
  max?: number;
  options?: readonly Option[];
  /** Navigation property → entity, for lookups. */
  navigation?: Readonly<Record<string, string>>;
  readOnly?: boolean;
  /** The label of a column that the organization has added. */
  label?: string;
  /** True for a day without a time. */
  dateOnly?: boolean;
  /** The label of one of Dataverse's own columns. Defaults to its name. */
  display?: string;
  /** True if the options are those of a global choice. */
  isGlobal?: boolean;
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

/** One of Dataverse's own columns, with its label. */
export function shown(name: string, display: string, column: Omit<Column, "name" | "display">): Columns {
  return columns([name], { ...column, display });
}

export function lookup(name: string, navigation: Record<string, string>, type: ColumnType = "Lookup"): Columns {
  return columns([name], { type, navigation });
}

/** Builds the columns of states and status reasons from state → its reasons. States are numbered from 0. */
export function states(reasons: Readonly<Record<string, Labels>>): Columns {
  const labels = Object.keys(reasons);
  const statuses = Object.values(reasons).flatMap((own, state) => options(own).map((one) => ({ ...one, state })));
  return {
    ...columns(["statecode"], { type: "State", options: labels.map((label, value) => ({ value, label })) }),
    ...columns(["statuscode"], { type: "Status", options: statuses }),
  };
}

/** Value → label. */
type Labels = Readonly<Record<number, string>>;

export function options(labels: Labels): Option[] {
  return Object.entries(labels).map(([value, label]) => ({ value: Number(value), label }));
}

export function custom(name: string, label: string, column: Omit<Column, "name" | "label">): Columns {
  return columns([name], { ...column, label });
}

function columns(names: readonly string[], column: Omit<Column, "name">): Columns {
  return Object.fromEntries(names.map((name) => [name, { ...column, name }]));
}
