/** Field → what is wrong, or the same again for what is inside it. */
export interface FieldErrors {
  readonly [field: string]: string | NestedErrors;
}

export interface NestedErrors {
  readonly errors: readonly string[];
  readonly "field-errors": FieldErrors;
}

/** A refusal as Close words it. */
export class CloseError extends Error {
  override readonly name = "CloseError";
  constructor(
    readonly status: number,
    readonly body: object,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`Close answers ${status}.`);
  }
}

/** A request whose fields are at fault. */
export function badRequest(fields: FieldErrors): CloseError {
  return new CloseError(400, nested(fields));
}

/** The same inside of a field that holds others. */
export function nested(fields: FieldErrors): NestedErrors {
  return { errors: [], "field-errors": fields };
}

/** A request at fault as a whole. */
export function badRequestAsAWhole(message: string): CloseError {
  return new CloseError(400, { errors: [message], "field-errors": {} });
}

export const UNAUTHORIZED = {
  error:
    "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials, or your browser doesn't understand how to supply the credentials required.",
};

export const FORBIDDEN = { error: "You do not have permission to perform this action." };

export function unauthorized(): CloseError {
  return new CloseError(401, UNAUTHORIZED, { "www-authenticate": 'Basic realm="Close"' });
}

/** @param model such as `Lead` */
export function noSuchRecord(model: string): CloseError {
  return new CloseError(404, { error: `Empty query: ${model} matching query does not exist.` });
}

export function methodNotAllowed(): CloseError {
  return new CloseError(405, { error: "The method is not allowed for the requested URL." });
}

/**
 * Too many requests. What the body says has been given up in favour of the headers, and is still seen.
 * @param reset seconds, with fractions
 */
export function rateLimited(limit: number, reset: number): CloseError {
  const body = { error: "API call count exceeded for this endpoint group.", rate_reset: reset, rate_limit: limit };
  return new CloseError(429, body, {
    ratelimit: `limit=${limit}, remaining=0, reset=${reset}`,
    "retry-after": String(Math.max(1, Math.ceil(reset))),
  });
}
