import type { HttpHint } from "./format.js";
import { GRAPHQL_RESPONSE_TYPE, type AnswerType } from "./media-type.js";

export interface AnswerHead {
  status: number;
  /** Seconds: the longest wait among the errors. */
  retryAfter?: number;
}

/** Status of an error without a hint: GraphQL itself refused the document. */
const DOCUMENT_ERROR_STATUS = 400;

/**
 * Decides on the HTTP status of a whole answer, here and nowhere else.
 *
 * `application/json`, the default, has the documented statuses: 200 if any data survived, else the gravest (numerically
 * highest) status among the errors. `application/graphql-response+json` has 200 for every answer with `data`, null or
 * not, as GraphQL over HTTP demands. `Retry-After` is the longest wait, and is set only if no data survived.
 *
 * @param data undefined if execution did not begin, so that the answer has no `data`
 */
export function answerHead(
  data: unknown,
  errors: readonly { extensions?: Record<string, unknown> | undefined }[] | undefined,
  type?: AnswerType,
): AnswerHead {
  if (!errors || errors.length === 0 || hasData(data)) return { status: 200 };
  const hints = errors.map((error) => error.extensions?.["http"] as HttpHint | undefined);
  const gravest = Math.max(...hints.map((hint) => hint?.status ?? DOCUMENT_ERROR_STATUS));
  const status = type === GRAPHQL_RESPONSE_TYPE && data !== undefined ? 200 : gravest;
  const waits = hints.map((hint) => Number(hint?.headers?.["retry-after"])).filter((wait) => wait > 0);
  return waits.length === 0 ? { status } : { status, retryAfter: Math.max(...waits) };
}

function hasData(data: unknown): boolean {
  if (data === null || data === undefined) return false;
  return Object.entries(data).some(([key, value]) => !key.startsWith("__") && survived(value));
}

/** A list whose items all failed is no data. An empty list is data. */
function survived(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 ? value.some(survived) : value !== null;
}
