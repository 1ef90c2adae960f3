import { Refusal } from "../../kit/refusal.js";

/** One entry of the array that Salesforce sends for every failed REST call. */
export interface ErrorDetail {
  message: string;
  errorCode: string;
  fields?: string[];
  /** Only with DUPLICATES_DETECTED. */
  duplicateResult?: object;
}

/** A refusal in Salesforce's words. Collection calls turn it into one record's result instead of the answer. */
export class SalesforceError extends Refusal {
  constructor(
    status: number,
    readonly details: ErrorDetail[],
  ) {
    super(status, details, {}, details.map((detail) => `${detail.errorCode}: ${detail.message}`).join("; "));
  }
}

export function failure(status: number, errorCode: string, message: string, fields?: string[]): SalesforceError {
  return new SalesforceError(status, [{ message, errorCode, ...(fields ? { fields } : {}) }]);
}

export const badRequest = (errorCode: string, message: string, fields?: string[]) =>
  failure(400, errorCode, message, fields);
export const notFound = () => failure(404, "NOT_FOUND", "The requested resource does not exist");
export const entityIsDeleted = () => failure(404, "ENTITY_IS_DELETED", "entity is deleted");
export const sessionInvalid = () => failure(401, "INVALID_SESSION_ID", "Session expired or invalid");
export const requestLimitExceeded = () => failure(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
export const unknownException = () =>
  failure(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId if you contact support");
