import type { HttpHint } from "./format.js";

export interface AnswerHead {
  status: number;
  /** In seconds; the longest any of the errors asks for. */
  retryAfter?: number;
}

/** What an error without a hint weighs: the documents that GraphQL itself refuses. */
const DOCUMENT_ERROR_STATUS = 400;

/**
 * The HTTP status of a whole answer, decided here and nowhere else: 200 if any data survived, else the gravest
 * (numerically highest) status among the errors, with the longest Retry-After.
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

/** A list of which every item failed holds no data; an empty one is an answer. */
function survived(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 ? value.some(survived) : value !== null;
}
