/**
 * Accounts whose names begin with `wide` have as many fields of their own as large customers have. A URL cannot name them
 * all.
 */
export function isWide(account: string): boolean {
  return account.startsWith("wide");
}

/** Makes the own fields of wide accounts. @param make gets the number of the field, in three digits */
export function wideFields<Field>(count: number, make: (number: string) => Field): Field[] {
  return Array.from({ length: count }, (_, index) => make(String(index + 1).padStart(3, "0")));
}

/**
 * Accounts whose names begin with `narrow` lack some columns that others have, because of their edition, their version, or
 * what the connected user may see and write.
 */
export function isNarrow(account: string): boolean {
  return account.startsWith("narrow");
}
