import type { Answer, CrmeshError, UnknownError } from "./answer.js";
import { errorOf, isCrmeshError, type GraphQLErrorItem } from "./crmesh-error.js";

interface Body {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLErrorItem[];
  extensions?: Record<string, unknown>;
}

/**
 * Reads the body of a response.
 * @returns null if it is not a GraphQL response
 */
export function readAnswer(text: string, { status, headers }: Response, isWrite: boolean): Answer<unknown> | null {
  const body = parsed(text);
  if (!body) return null;
  const { data, errors: items = [], extensions = {} } = body;
  const errors = items.map((item) => errorOf(item, () => answer));
  const repeatable = errors.length > 0 && errors.every(isRetryable) && !(isWrite && mayHaveWritten(data, errors));
  const requestId = headers.get("x-request-id");
  const answer: Answer<unknown> = { data: data ?? null, errors, extensions, status, requestId, repeatable };
  return answer;
}

function parsed(text: string): Body | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { data, errors } = body as Record<string, unknown>;
  const isAnswer = (typeof data === "object" && data !== null) || (Array.isArray(errors) && errors.length > 0);
  return isAnswer ? body : null;
}

function isRetryable(error: CrmeshError | UnknownError): boolean {
  return isCrmeshError(error) && error.extensions.retryable === true;
}

/**
 * Whether a field of a mutation succeeded, or may have: one without an error of its own, one that happened or may have
 * happened, and one that failed for a reason that nobody foresaw.
 */
function mayHaveWritten(data: Body["data"], errors: readonly (CrmeshError | UnknownError)[]): boolean {
  // Without `data`, no field began.
  if (data === undefined) return false;
  if (data === null) return true;
  const isUnwritten = (field: string) =>
    errors.some(({ path, code, extensions }) => {
      const isOfField = path?.length === 1 && path[0] === field;
      return (
        isOfField && code !== "INTERNAL_ERROR" && [undefined, "NOT_SENT"].includes(extensions["outcome"] as string)
      );
    });
  return !Object.entries(data).every(([field, value]) => value === null && isUnwritten(field));
}
