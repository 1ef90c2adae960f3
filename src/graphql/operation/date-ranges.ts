import { CrmError } from "../../errors/crm-error.js";

const RANGES = [
  ["createdSince", "createdUntil"],
  ["updatedSince", "updatedUntil"],
  ["startsSince", "startsUntil"],
] as const;

/** @throws CrmError INVALID_DATE_RANGE if a range ends before or at its start; it names the end of every such range */
export function assertDateRanges<Filter extends object>(filter: Filter): Filter {
  const dates = filter as Record<string, unknown>;
  const errors: Record<string, string> = {};
  for (const [since, until] of RANGES) {
    const [from, to] = [dates[since], dates[until]];
    if (from instanceof Date && to instanceof Date && to <= from)
      errors[`filter.${until}`] = `This must be later than ${since}.`;
  }
  if (Object.keys(errors).length > 0) throw new CrmError("INVALID_DATE_RANGE", { errors });
  return filter;
}
