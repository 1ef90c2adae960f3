import { CrmError, type UpstreamFacts } from "../../errors/crm-error.js";
import type { UpstreamResponse } from "../../upstream/request.js";
import { retryAfterSeconds } from "../../upstream/retry-after.js";
import { RESOURCES, type ResourceName } from "../model.js";
import { associationFault } from "./associations.js";

/** The error envelope; every part of it may be missing. Source: developers.hubspot.com, "Error handling". */
interface ErrorEnvelope {
  status?: string;
  message?: string;
  category?: string;
  subCategory?: string;
  correlationId?: string;
  errorType?: string;
  policyName?: string;
  errors?: { message?: string; code?: string; in?: string; context?: Record<string, string[]> }[];
}

/** Seconds a refusal lasts where no header says it: the length of HubSpot's windows. */
const BURST_WINDOW_S = 10;
const SEARCH_WINDOW_S = 1;
/** The daily limit ends at midnight in the portal's own zone, which is not known here. */
const DAILY_RETRY_S = 3600;

export function classify(response: UpstreamResponse): CrmError | null {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return unexpectedSuccess(response);
  const body = (response.isJson && response.body !== null ? response.body : {}) as ErrorEnvelope;
  const upstream: UpstreamFacts = { status };
  const code = body.policyName ?? body.errors?.[0]?.code ?? body.category ?? body.errorType;
  if (code) upstream.code = code;
  if (body.correlationId) upstream.requestId = body.correlationId;
  // 477 is HubSpot's own: the account is being moved between data centres.
  const asked = retryAfterSeconds(headers["retry-after"], Date.now());
  const wait = asked === undefined ? {} : { retryAfter: asked };

  if (status === 429)
    return new CrmError("PROVIDER_RATE_LIMITED", { upstream, retryAfter: asked ?? windowOf(body, headers) });
  if (status === 401) return new CrmError("PROVIDER_AUTH_FAILED", { upstream }, { credentialRefused: true });
  if (status === 403)
    return new CrmError("PROVIDER_AUTH_FAILED", { upstream, detail: "The connection lacks a permission at HubSpot." });
  if (status === 409) return conflict(body, upstream);
  if (status === 477 || status === 423)
    return new CrmError("PROVIDER_UNAVAILABLE", { upstream, retryAfter: asked ?? 2 });
  if ([502, 503, 504].includes(status) || (status >= 521 && status <= 526)) {
    return new CrmError("PROVIDER_UNAVAILABLE", { upstream, ...wait });
  }
  if (status === 400) return validation(body, upstream);
  return new CrmError("PROVIDER_ERROR", { upstream, ...wait });
}

/** A page of HTML with status 200 is not an answer of the API. A 204 has no body at all. */
function unexpectedSuccess({ status, isJson, body }: UpstreamResponse): CrmError | null {
  if (isJson || body === "") return null;
  return new CrmError("PROVIDER_ERROR", { upstream: { status }, detail: "HubSpot’s answer is not JSON." });
}

function windowOf(body: ErrorEnvelope, headers: UpstreamResponse["headers"]): number {
  if (body.policyName === "DAILY") return DAILY_RETRY_S;
  if (body.policyName === "SECONDLY") return SEARCH_WINDOW_S;
  const interval = Number(headers["x-hubspot-ratelimit-interval-milliseconds"]);
  return interval > 0 ? interval / 1000 : BURST_WINDOW_S;
}

/** The id of the existing record stands in the message alone. */
function conflict(body: ErrorEnvelope, upstream: UpstreamFacts): CrmError {
  const existingId = /Existing ID: (\d+)/i.exec(body.message ?? "")?.[1];
  return new CrmError("DUPLICATE_RECORD", { upstream, ...(existingId ? { existingId } : {}) });
}

/** Property faults come as JSON inside the message, or as `errors` with the property's name in a context: both are read. */
function validation(body: ErrorEnvelope, upstream: UpstreamFacts): CrmError {
  const errors: Record<string, string> = {};
  for (const fault of faultsInMessage(body.message)) {
    if (fault.name) errors[fault.name] = explain(fault.error, fault.localizedErrorMessage ?? fault.message);
  }
  for (const { code, message, context } of body.errors ?? []) {
    const target = associationTarget(message);
    if (target) errors[associationFault(target)] = "HubSpot has no such record to associate.";
    for (const name of context?.["propertyName"] ?? context?.["properties"] ?? [])
      errors[name] ??= explain(code, message);
  }
  if (Object.keys(errors).length > 0) return new CrmError("INVALID_INPUT", { upstream, errors });
  if (/invalid input json|malformed/i.test(body.message ?? "")) return new CrmError("PROVIDER_ERROR", { upstream });
  return body.category === "VALIDATION_ERROR"
    ? new CrmError("INVALID_INPUT", {
        upstream,
        errors: {},
        detail: "HubSpot refused the values without naming a field.",
      })
    : new CrmError("PROVIDER_ERROR", { upstream });
}

/** `CONTACT=123 is not valid`: which kind of record an association misses. */
function associationTarget(message: string | undefined): ResourceName | null {
  const name = /^([A-Z_]+)=.* is not valid/s.exec(message ?? "")?.[1]?.toLowerCase() ?? "";
  return RESOURCES.find((resource) => name.startsWith(resource)) ?? null;
}

interface PropertyFault {
  name?: string;
  error?: string;
  message?: string;
  localizedErrorMessage?: string;
}

function faultsInMessage(message: string | undefined): PropertyFault[] {
  const list = /Property values were not valid: (\[.*\])/s.exec(message ?? "")?.[1];
  if (!list) return [];
  try {
    return JSON.parse(list) as PropertyFault[];
  } catch {
    return [];
  }
}

function explain(code: string | undefined, message: string | undefined): string {
  return message ? `HubSpot: ${message}` : `HubSpot refuses this value${code ? ` (${code})` : ""}.`;
}
