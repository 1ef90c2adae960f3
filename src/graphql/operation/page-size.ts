import { invalidInput } from "../../errors/crm-error.js";

export const DEFAULT_PAGE_SIZE = 25;
export const MAX_PAGE_SIZE = 100;

/** @throws CrmError INVALID_INPUT if `first` is not between 1 and 100 */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (size >= 1 && size <= MAX_PAGE_SIZE) return size;
  throw invalidInput({ first: `Expected a page size from 1 to ${MAX_PAGE_SIZE}, got ${size}.` });
}
