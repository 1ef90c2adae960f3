import type { HttpHint } from "./format.js";

export interface AnswerHead {
  status: number;
  /** Seconds: the longest wait of all errors. */
  retryAfter?: number;
}

/** The status of errors without a hint: GraphQL itself refused the document. */
const DOCUMENT_ERROR_STATUS = 400;

/**
 * Decides the HTTP status of a whole response: 200 if there is any data, otherwise the highest status among the errors,
 * with the longest Retry-After.
 */
export function answerHead(
  data: unknown,
  errors: readonly { extensions?: Record<string, unknown> | undefined }[] | undefined,
): AnswerHead {
  if (!errors || errors.length === 0 || hasData(data)) return { status: 200 };
  const hints = errors.map((error) => error.extensions?.["http"] as HttpHint | undefined);
  const status = Math.max(...hints.map((hint) => hint?.status ?? DOCUMENT_ERROR_STATUS));
  const waits = hints.map((hint) => Number(hint?.headers?.["retry-after"])).filter((wait) => wait > 0);
  return waits.length === 0 ? { status } : { status, retryAfter: Math.max(...waits) };
}

function hasData(data: unknown): boolean {
  if (data === null || data === undefined) return false;
  return Object.entries(data).some(([key, value]) => !key.startsWith("__") && survived(value));
}

/** A list whose items all failed has no data. An empty list is data. */
function survived(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 ? value.some(survived) : value !== null;
}
