import { randomUUID } from "node:crypto";
import { Refusal } from "../../kit/refusal.js";
import type { LimitUse, RequestLimit } from "../../kit/request-limits.js";

/** A refusal in HubSpot's envelope. HubSpot may omit every member except the message. */
export class HubSpotError extends Refusal {
  constructor(
    status: number,
    message: string,
    fields: Record<string, unknown> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, { status: "error", message, correlationId: randomUUID(), ...fields }, headers, message);
  }
}

export interface BatchError {
  status: "error";
  category: string;
  subCategory?: string;
  message: string;
  context: Record<string, string[]>;
}

export const validationError = (message: string, fields: Record<string, unknown> = {}) =>
  new HubSpotError(400, message, { category: "VALIDATION_ERROR", ...fields });
export const objectNotFound = (id: string) =>
  new HubSpotError(404, "resource not found", { category: "OBJECT_NOT_FOUND", context: { id: [id] } });
export const duplicateContact = (existingId: string) =>
  new HubSpotError(409, `Contact already exists. Existing ID: ${existingId}`, { category: "CONFLICT" });
export const requiredPropertiesMissing = (typeName: string, properties: readonly string[]) =>
  validationError(`Error creating ${typeName}. Some required properties were not set.`, { context: { properties } });

export interface RuleFault {
  code: string;
  message: string;
  name: string;
}

/** The refusal of a write that breaks rules of an administrator. Source: the examples of HubSpot's changelog, 2026-08-11. */
export function missingByRules(faults: readonly RuleFault[]): HubSpotError {
  return validationError("The property values provided are invalid", {
    errors: faults.map(({ code, message, name }) => ({ code, message, context: { propertyName: [name] } })),
  });
}

export interface PropertyFault {
  message: string;
  error: string;
  name: string;
}

/** The message contains the faults as a JSON array, which is HubSpot's own form. */
export function invalidProperties(faults: readonly PropertyFault[], portalId: number): HubSpotError {
  const items = faults.map(({ message, error, name }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return validationError(`Property values were not valid: ${JSON.stringify(items)}`);
}

export function expiredToken(expiredAt: number, now: number): HubSpotError {
  return new HubSpotError(401, `The OAuth token used to make this call expired ${ago(now - expiredAt)} ago.`, {
    category: "EXPIRED_AUTHENTICATION",
    context: { "expire time": [new Date(expiredAt).toISOString()] },
  });
}

export function invalidToken(): HubSpotError {
  return new HubSpotError(
    401,
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    { category: "INVALID_AUTHENTICATION" },
  );
}

export function missingScopes(scopes: string[]): HubSpotError {
  return new HubSpotError(
    403,
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      category: "MISSING_SCOPES",
      errors: [
        { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
      ],
      links: { scopes: "https://developers.hubspot.com/scopes" },
    },
  );
}

export type LimitPolicy = "TEN_SECONDLY_ROLLING" | "SECONDLY" | "DAILY";

export const BURST: RequestLimit = { requests: 100, perMs: 10_000 };

export function burstHeaders({ max, remaining }: Pick<LimitUse, "max" | "remaining">): Record<string, string> {
  return {
    "X-HubSpot-RateLimit-Max": String(max),
    "X-HubSpot-RateLimit-Remaining": String(remaining),
    "X-HubSpot-RateLimit-Interval-Milliseconds": String(BURST.perMs),
  };
}

/** Rate limits have errorType and policyName instead of a category. */
export function rateLimited(policyName: LimitPolicy): HubSpotError {
  const message = `You have reached your ${policyName.toLowerCase()} limit.`;
  const headers = policyName === "TEN_SECONDLY_ROLLING" ? burstHeaders({ max: BURST.requests, remaining: 0 }) : {};
  return new HubSpotError(429, message, { errorType: "RATE_LIMIT", policyName }, headers);
}

function ago(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} second(s)`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} minute(s)`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} hour(s)`;
  return `${Math.floor(seconds / 86_400)} day(s)`;
}
