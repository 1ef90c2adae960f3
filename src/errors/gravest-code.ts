import { ERROR_CATALOGUE, type ErrorCode } from "./catalogue.js";

/** The status of GraphQL's own codes, which say that a document is wrong. */
const DOCUMENT_ERROR_STATUS = 400;

/** The code with the numerically highest status, as the status of a response without data. Null if there is none. */
export function gravestCode(codes: Iterable<string>): string | null {
  let gravest: string | null = null;
  for (const code of codes) if (gravest === null || statusOf(code) > statusOf(gravest)) gravest = code;
  return gravest;
}

function statusOf(code: string): number {
  return ERROR_CATALOGUE[code as ErrorCode]?.status ?? DOCUMENT_ERROR_STATUS;
}
