/** What Zoho says of a request or of one record in it: at the root of the answer, or in its place in `data`. */
export interface ZohoFault {
  code: string;
  details: Record<string, unknown>;
  message: string;
  status: "error";
}

/** A refusal of a whole request. Source: zoho.com/crm/developer/docs/api/v8, "Status Codes". */
export class ZohoError extends Error {
  readonly httpStatus: number;
  readonly fault: ZohoFault;

  constructor(httpStatus: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.httpStatus = httpStatus;
    this.fault = { code, details, message, status: "error" };
  }
}

/** A refusal of one record; the others of the request are carried out. */
export class RecordFault extends Error {
  readonly fault: ZohoFault;

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.fault = { code, details, message, status: "error" };
  }
}

export function invalidToken(): ZohoError {
  return new ZohoError(401, "INVALID_TOKEN", "invalid oauth token");
}

/** Said with 401, although the token is good. */
export function scopeMismatch(): ZohoError {
  return new ZohoError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL");
}

export function tooManyRequests(): ZohoError {
  return new ZohoError(429, "TOO_MANY_REQUESTS", "too many requests fired concurrently");
}

export function internalError(): ZohoError {
  return new ZohoError(500, "INTERNAL_ERROR", "Internal Server Error");
}

export function invalidUrl(): ZohoError {
  return new ZohoError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one");
}

export function invalidModule(): ZohoError {
  return new ZohoError(400, "INVALID_MODULE", "the module name given seems to be invalid");
}

export function missingParameter(name: string): ZohoError {
  return new ZohoError(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {
    param_name: name,
  });
}

export const UNKNOWN_ID = "the id given seems to be invalid";
