import { markOf } from "./cursor.js";
import { MAX_PAGE_SIZE } from "./page-size.js";

/** The most records that a cursor marks: those of a page, and as many again that the page before still had. */
export const GIVEN_MAX = 2 * MAX_PAGE_SIZE;

/**
 * Splits a page into the records that the caller does not have yet, and the marks that the next page must still leave out.
 * There are such marks only if the CRM answered fewer records than the limit: marked records may then follow.
 */
export function sortOut<Node extends { nativeId: string }>(
  records: readonly Node[],
  given: readonly string[],
  limit: number,
): { fresh: readonly Node[]; passed: readonly string[] } {
  if (given.length === 0) return { fresh: records, passed: [] };
  const marks = records.map(({ nativeId }) => markOf(nativeId));
  const known = new Set(given);
  const here = new Set(marks);
  return {
    fresh: records.filter((_, index) => !known.has(marks[index]!)),
    passed: records.length < limit ? given.filter((mark) => !here.has(mark)) : [],
  };
}
