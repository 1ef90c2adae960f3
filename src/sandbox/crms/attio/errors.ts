import type { WireAnswer } from "../../kit/crm.js";
import { Refusal } from "../../kit/refusal.js";

/** A fault in one part of a body. */
export interface ValidationIssue {
  code: string;
  path: readonly (string | number)[];
  message: string;
  /** The members that the body must not have. */
  keys?: readonly string[];
}

/** A refusal in Attio's envelope. */
export class AttioError extends Refusal {
  constructor(
    status: number,
    readonly type: "invalid_request_error" | "auth_error" | "rate_limit_error" | "api_error",
    readonly code: string,
    message: string,
    issues: readonly ValidationIssue[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const validation = issues.length > 0 ? { validation_errors: issues } : {};
    super(status, { status_code: status, type, code, message, ...validation }, headers, message);
  }

  /**
   * Returns the answer in the form of the call that creates a meeting, where the member for the status is `statusCode`.
   */
  answerToNewMeeting(): WireAnswer {
    const { status_code: statusCode, ...others } = this.body as { status_code: number };
    return this.status === 400 ? { status: 400, body: { statusCode, ...others } } : this;
  }
}

export function invalid(code: string, message: string, issues: readonly ValidationIssue[] = []): AttioError {
  return new AttioError(400, "invalid_request_error", code, message, issues);
}

export function invalidBody(issues: readonly ValidationIssue[]): AttioError {
  return invalid("validation_type", "Body payload validation error.", issues);
}

export function invalidValue(slug: string, message: string, path: readonly (string | number)[] = []): AttioError {
  const issue = { code: "custom", path, message };
  return invalid("validation_type", `An invalid value was passed to attribute with slug "${slug}".`, [issue]);
}

export const notFound = (what: string) =>
  new AttioError(404, "invalid_request_error", "not_found", `${what} was not found.`);
export const unauthorized = () =>
  new AttioError(401, "auth_error", "unauthorized", "The access token is missing, invalid or was revoked.");
export const missingScope = (scope: string) =>
  new AttioError(403, "auth_error", "unauthorized", `The access token lacks the scope ${scope}.`);
export const internalError = () =>
  new AttioError(500, "api_error", "internal_server_error", "An unexpected error occurred.");

/** Makes the refusal for a rate limit. Its wait is an HTTP date in whole seconds, usually the next second. */
export function rateLimited(now: number, waitMs: number): AttioError {
  const message = "Rate limit exceeded, please try again later";
  const until = Math.ceil((now + waitMs) / 1000) * 1000;
  const headers = { "retry-after": new Date(until).toUTCString() };
  return new AttioError(429, "rate_limit_error", "rate_limit_exceeded", message, [], headers);
}
