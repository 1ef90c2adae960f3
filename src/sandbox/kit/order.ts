/** One term of an order. */
export interface OrderTerm<Row, Key = unknown> {
  /** Returns the value by which rows are compared. Null if a row has no value. */
  keyOf: (row: Row) => Key | null;
  descending: boolean;
  /** Whether rows without a key come last, in both directions. */
  emptyLast: boolean;
  /** Negative, zero or positive; defaults to `compareValues`. */
  compare?(one: Key, other: Key): number;
}

/** Negative, zero or positive: numbers by size, texts by code units. */
export function compareValues(one: unknown, other: unknown): number {
  const [left, right] = [one as number, other as number];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Compares two keys by a term of an order. */
export function compareKeys<Key>(
  { descending, emptyLast, compare = compareValues }: Omit<OrderTerm<never, Key>, "keyOf">,
  one: Key | null,
  other: Key | null,
): number {
  if (one === null || other === null) return (Number(one === null) - Number(other === null)) * (emptyLast ? 1 : -1);
  return descending ? -compare(one, other) : compare(one, other);
}

/** Sorts rows. The first term with a difference decides. Rows without a difference keep their order. */
export function inOrder<Row, Key>(rows: readonly Row[], terms: readonly OrderTerm<Row, Key>[]): Row[] {
  const keyed = rows.map((row) => ({ row, keys: terms.map((term) => term.keyOf(row)) }));
  keyed.sort((one, other) => compareAll(terms, one.keys, other.keys));
  return keyed.map(({ row }) => row);
}

/** Compares the keys of two rows, term by term. */
export function compareAll<Row, Key>(
  terms: readonly OrderTerm<Row, Key>[],
  one: readonly (Key | null)[],
  other: readonly (Key | null)[],
): number {
  for (const [index, term] of terms.entries()) {
    const difference = compareKeys(term, one[index]!, other[index]!);
    if (difference !== 0) return difference;
  }
  return 0;
}
