import type { FastifyRequest } from "fastify";
import { queryText } from "../../kit/request.js";
import type { Row } from "./account.js";
import { badRequest } from "./errors.js";

/** The words that a record can be found by, by the name of the searched field. */
export type Searched = Readonly<Record<string, (row: Row) => readonly unknown[]>>;

/**
 * Rows in which the term stands, in any case; with `exact_match`, those in which it is all that stands.
 * @throws Refusal 400
 */
export function found(request: FastifyRequest, rows: readonly Row[], searched: Searched): Row[] {
  const term = (queryText(request, "term") ?? "").toLowerCase();
  const isExact = queryText(request, "exact_match") === "true";
  if (term.length < (isExact ? 1 : 2)) {
    throw badRequest("Validation failed: term: Must be at least 2 characters, or 1 with exact_match");
  }
  const fields = queryText(request, "fields")?.split(",") ?? Object.keys(searched);
  const unknown = fields.find((field) => !Object.hasOwn(searched, field));
  if (unknown !== undefined) throw badRequest(`Validation failed: fields: Unknown field '${unknown}'`);
  return rows.filter((row) =>
    fields
      .flatMap((field) => searched[field]!(row))
      .filter((text) => typeof text === "string")
      .some((text) => (isExact ? text.toLowerCase() === term : text.toLowerCase().includes(term))),
  );
}
