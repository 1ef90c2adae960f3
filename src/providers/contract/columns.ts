/**
 * What one account has of a resource's native columns. Editions, features, roles and permissions of fields differ from
 * account to account.
 */
export interface Columns {
  /** Whether the org has the column, and the user of the connection may read it. */
  has: (column: string) => boolean;
  /** Whether the user of the connection may write it. */
  isWritable: (column: string) => boolean;
}

export const EVERY_COLUMN: Columns = { has: () => true, isWritable: () => true };

/**
 * The condition of a filter over several columns. It finds the same records as long as the account has one of them, so the
 * others are left out.
 */
export class OverColumns<Condition> {
  constructor(
    readonly columns: readonly string[],
    /** @param columns at least one of them */
    readonly over: (columns: readonly string[]) => Condition,
  ) {}
}

/** Makes a filter over columns, from a function that takes them first. */
export function overColumns<Value, Condition>(
  columns: readonly string[],
  over: (columns: readonly string[], value: Value) => Condition,
): ColumnFilter<Value, Condition> {
  const filter = (value: Value) => new OverColumns(columns, (some) => over(some, value));
  return Object.assign(filter, { columns });
}

/** A filter whose columns are known without a value. */
export interface ColumnFilter<Value, Condition> {
  (value: Value): OverColumns<Condition>;
  readonly columns: readonly string[];
}

/** The columns of a filter; null if every account has them. */
export function columnsOfFilter(filter: object): readonly string[] | null {
  return "columns" in filter ? (filter.columns as readonly string[]) : null;
}
