/** Builds the native condition of one bound of a time. */
type Bound<Condition> = (field: string, at: Date) => Condition;

/**
 * Filters by the times at which records were created and updated.
 * @param created native field of the creation
 * @param updated native field of the last change
 * @param since condition of times at the bound or later
 * @param until condition of times before the bound
 */
export function stampFilters<Condition>(
  created: string,
  updated: string,
  since: Bound<Condition>,
  until: Bound<Condition>,
) {
  return {
    createdSince: (at: Date) => since(created, at),
    createdUntil: (at: Date) => until(created, at),
    updatedSince: (at: Date) => since(updated, at),
    updatedUntil: (at: Date) => until(updated, at),
  };
}

/**
 * Returns the bound, rounded up to a whole second. CRMs that store whole seconds cannot distinguish a bound between two
 * seconds from the later second. This holds for `since` and `until`.
 */
export function wholeSecond(bound: Date): Date {
  return new Date(Math.ceil(bound.getTime() / 1000) * 1000);
}
