import { Refusal } from "../../kit/refusal.js";

/** Field → what is wrong, or the same again for what is inside it. */
export interface FieldErrors {
  readonly [field: string]: string | NestedErrors;
}

export interface NestedErrors {
  readonly errors: readonly string[];
  readonly "field-errors": FieldErrors;
}

/** A request whose fields are at fault. */
export function badRequest(fields: FieldErrors): Refusal {
  return new Refusal(400, nested(fields));
}

/** The same inside of a field that holds others. */
export function nested(fields: FieldErrors): NestedErrors {
  return { errors: [], "field-errors": fields };
}

/** A request at fault as a whole. */
export function badRequestAsAWhole(message: string): Refusal {
  return new Refusal(400, { errors: [message], "field-errors": {} });
}

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

export function unauthorized(): Refusal {
  return refusal(401, UNAUTHORIZED, { "www-authenticate": 'Basic realm="Close"' });
}

export function forbidden(): Refusal {
  return refusal(403, "You do not have permission to perform this action.");
}

/** @param model such as `Lead` */
export function noSuchRecord(model: string): Refusal {
  return refusal(404, `Empty query: ${model} matching query does not exist.`);
}

export function methodNotAllowed(): Refusal {
  return refusal(405, "The method is not allowed for the requested URL.");
}

/**
 * Too many requests. What the body says has been given up in favour of the headers, and is still seen.
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
