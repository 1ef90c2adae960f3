import { Refusal } from "../../kit/refusal.js";

/** A refusal of a whole request. Source: zoho.com/crm/developer/docs/api/v8, "Status Codes". */
export class ZohoError extends Refusal {
  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, unknown> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, { code, details, message, status: "error" }, headers, message);
  }
}

/** A refusal of one record; the others of the request are carried out. Where there are no others, of the request. */
export class RecordFault extends ZohoError {
  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(400, code, message, details);
  }
}

export function invalidToken(): ZohoError {
  return new ZohoError(401, "INVALID_TOKEN", "invalid oauth token");
}

/** Said with 401, although the token is good. */
export function scopeMismatch(): ZohoError {
  return new ZohoError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL");
}

export function tooManyRequests(headers: Readonly<Record<string, string>> = {}): ZohoError {
  return new ZohoError(429, "TOO_MANY_REQUESTS", "too many requests fired concurrently", {}, headers);
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
