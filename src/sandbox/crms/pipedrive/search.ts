import type { FastifyInstance, FastifyRequest } from "fastify";
import { queryText } from "../../kit/request.js";
import type { PipedriveAccount, Row } from "./account.js";
import { badRequest } from "./errors.js";
import { resultPage } from "./paging.js";
import { accountOf } from "./request.js";

/** Name of a searched field → function that returns the searched texts of a record. */
type Searched = Readonly<Record<string, (row: Row) => readonly unknown[]>>;

export interface Search {
  path: string;
  rows: (account: PipedriveAccount) => readonly Row[];
  searched: Searched;
  /** Makes the form of a record in search results. It differs from the record itself. */
  resultOf: (account: PipedriveAccount, row: Row) => Row;
}

export function addSearchRoute(api: FastifyInstance, { path, rows, searched, resultOf }: Search): void {
  api.get(path, (request) => {
    const account = accountOf(request);
    const { items, next_cursor } = resultPage(request, found(request, rows(account), searched));
    const results = items.map((row) => ({ result_score: 0.5, item: resultOf(account, row) }));
    return { success: true, data: { items: results }, additional_data: { next_cursor } };
  });
}

/** Makes the organization of a record in the form of search results. */
export function organizationIn(account: PipedriveAccount, id: unknown): Row | null {
  const organization = account.organizations.get(String(id));
  return organization && { id: organization["id"], name: organization["name"], address: null };
}

/**
 * Finds the rows that contain the term, in any case. With `exact_match`, a text must equal the term.
 * @throws Refusal 400
 */
function found(request: FastifyRequest, rows: readonly Row[], searched: Searched): Row[] {
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
