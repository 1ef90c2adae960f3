import { markOf } from "./cursor.js";
import { MAX_PAGE_SIZE } from "./page-size.js";

/** The most records that a cursor marks: those of a page, and as many again that the page before still had. */
export const GIVEN_MAX = 2 * MAX_PAGE_SIZE;

/**
 * Splits a page into the records that the caller does not have yet, and the marks that the next page must still leave out.
 * A marked record that is not in the page may follow: the CRM answered fewer records than the limit, or new records before
 * it have moved it behind the page.
 */
export function sortOut<Node extends { nativeId: string }>(
  records: readonly Node[],
  given: readonly string[],
): { fresh: readonly Node[]; passed: readonly string[] } {
  if (given.length === 0) return { fresh: records, passed: [] };
  const marks = records.map(({ nativeId }) => markOf(nativeId));
  const known = new Set(given);
  const here = new Set(marks);
  return {
    fresh: records.filter((_, index) => !known.has(marks[index]!)),
    passed: given.filter((mark) => !here.has(mark)),
  };
}
