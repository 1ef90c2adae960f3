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

/** A refusal of one record. The other records of the request are written. */
export class RecordFault extends ZohoError {
  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(400, code, message, details);
  }
}

export const invalidToken = () => new ZohoError(401, "INVALID_TOKEN", "invalid oauth token");
/** Makes the refusal for a missing scope. Its status is 401, although the token is valid. */
export const scopeMismatch = () => new ZohoError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL");
export const tooManyRequests = (headers: Readonly<Record<string, string>> = {}) =>
  new ZohoError(429, "TOO_MANY_REQUESTS", "too many requests fired concurrently", {}, headers);
export const internalError = () => new ZohoError(500, "INTERNAL_ERROR", "Internal Server Error");
export const invalidUrl = () =>
  new ZohoError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one");
export const invalidModule = () => new ZohoError(400, "INVALID_MODULE", "the module name given seems to be invalid");
export const missingParameter = (param_name: string) =>
  new ZohoError(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", { param_name });

export const invalidData = (details: Record<string, unknown> = {}) =>
  new ZohoError(400, "INVALID_DATA", "invalid data", details);
export const limitExceeded = (details: Record<string, unknown>, what = "") =>
  new ZohoError(400, "LIMIT_EXCEEDED", `${what}limit exceeded`, details);
/** Refuses the value of one field. */
export const fieldFault = (code: string, message: string, field: string, details: Record<string, unknown> = {}) =>
  new RecordFault(code, message, { api_name: field, json_path: `$.data[0].${field}`, ...details });

export const UNKNOWN_ID = "the id given seems to be invalid";
