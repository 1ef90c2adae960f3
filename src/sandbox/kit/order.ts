/** One term of an order: what rows are compared by. */
export interface OrderTerm<Row, Key = unknown> {
  /** Null where a row has nothing there. */
  keyOf(row: Row): Key | null;
  descending: boolean;
  /** Whether rows without a key come last, whichever the direction. */
  emptyLast: boolean;
  /** Negative, zero or positive; defaults to `compareValues`. */
  compare?(one: Key, other: Key): number;
}

/** Negative, zero or positive: numbers by size, texts by code units. */
export function compareValues(one: unknown, other: unknown): number {
  const [left, right] = [one as number, other as number];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Compares two keys as a term of an order says. */
export function compareKeys<Key>(
  { descending, emptyLast, compare = compareValues }: Omit<OrderTerm<never, Key>, "keyOf">,
  one: Key | null,
  other: Key | null,
): number {
  if (one === null || other === null) return (Number(one === null) - Number(other === null)) * (emptyLast ? 1 : -1);
  return descending ? -compare(one, other) : compare(one, other);
}

/** The first term that tells two rows apart decides; rows that none tells apart stay as they are. */
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
