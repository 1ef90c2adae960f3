import { Refusal } from "../../kit/refusal.js";

/** Field → its fault, or the faults of its inner fields. */
export interface FieldErrors {
  readonly [field: string]: string | NestedErrors;
}

export interface NestedErrors {
  readonly errors: readonly string[];
  readonly "field-errors": FieldErrors;
}

/** The faults inside a field, or of a request. */
export const nested = (fields: FieldErrors): NestedErrors => ({ errors: [], "field-errors": fields });
/** Refuses a request because of some of its fields. */
export const badRequest = (fields: FieldErrors) => new Refusal(400, nested(fields));
/** Refuses a request as a whole. */
export const badRequestAsAWhole = (message: string) => new Refusal(400, { errors: [message], "field-errors": {} });

const UNAUTHORIZED =
  "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials, or your browser doesn't understand how to supply the credentials required.";

/** A refusal in a single sentence. */
export function refusal(
  status: number,
  error: string,
  headers?: Readonly<Record<string, string>>,
  more: object = {},
): Refusal {
  return new Refusal(status, { error, ...more }, headers);
}

export const unauthorized = () => refusal(401, UNAUTHORIZED, { "www-authenticate": 'Basic realm="Close"' });
export const forbidden = () => refusal(403, "You do not have permission to perform this action.");
/** @param model such as `Lead` */
export const noSuchRecord = (model: string) => refusal(404, `Empty query: ${model} matching query does not exist.`);
export const methodNotAllowed = () => refusal(405, "The method is not allowed for the requested URL.");

/**
 * Too many requests. Close has deprecated the values in the body in favour of the headers, but still sends them.
 * @param reset seconds, with fractions
 */
export function rateLimited(limit: number, reset: number): Refusal {
  const headers = {
    ratelimit: `limit=${limit}, remaining=0, reset=${reset}`,
    "retry-after": String(Math.max(1, Math.ceil(reset))),
  };
  const more = { rate_reset: reset, rate_limit: limit };
  return refusal(429, "API call count exceeded for this endpoint group.", headers, more);
}
