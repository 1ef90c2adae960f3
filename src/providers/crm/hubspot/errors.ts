import type { UpstreamResponse } from "../../../upstream/request.js";
import { statedNumber } from "../../../upstream/stated.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { RESOURCES, type ResourceName } from "../../contract/model.js";
import { errorEnvelope, propertyFaults, type ErrorEnvelope } from "./answers.js";
import { associationFault } from "./edges.js";
import { PROVIDER_NAME } from "./dialect.js";

/** Seconds to wait if no header states a time: the lengths of HubSpot's windows. */
const BURST_WINDOW_S = 10;
const SEARCH_WINDOW_S = 1;
/** Seconds to wait for the daily limit. It ends at midnight in the portal's time zone, which crmesh does not know. */
const DAILY_RETRY_S = 3600;
/**
 * Seconds to wait if the record is locked (423), or if HubSpot moves the account between data centres (its own status
 * 477).
 */
const BUSY_RETRY_S = 2;

export const classify = classifier({
  providerName: PROVIDER_NAME,
  limitedS: BURST_WINDOW_S,
  fault(answer, response) {
    const body: ErrorEnvelope = errorEnvelope(answer) ?? {};
    const code = body.policyName ?? body.errors?.[0]?.code ?? body.category ?? body.errorType;
    return {
      code: code || undefined,
      requestId: body.correlationId || undefined,
      ...findingOf(body, response),
    };
  },
});

function findingOf(body: ErrorEnvelope, { status, headers }: UpstreamResponse): Finding {
  switch (status) {
    case 400:
      return validation(body);
    case 409:
      // Only the message contains the id of the existing record.
      return { verdict: "DUPLICATE", existingId: /Existing ID: (\d+)/i.exec(body.message ?? "")?.[1] };
    case 423:
    case 477:
      return { verdict: "UNAVAILABLE", waitS: BUSY_RETRY_S };
    case 429:
      return { waitS: windowOf(body, headers) };
    default:
      return {};
  }
}

function windowOf(body: ErrorEnvelope, headers: UpstreamResponse["headers"]): number {
  if (body.policyName === "DAILY") return DAILY_RETRY_S;
  if (body.policyName === "SECONDLY") return SEARCH_WINDOW_S;
  const interval = statedNumber(headers["x-hubspot-ratelimit-interval-milliseconds"]);
  return interval ? interval / 1000 : BURST_WINDOW_S;
}

/**
 * The codes of properties without a value that HubSpot or a rule of the account's administrator requires. Since 2026-09,
 * HubSpot applies these rules to writes by apps. Source: developers.hubspot.com, "CRM API Write Validation Enforcement".
 */
const MISSING = /^MISSING_(CONDITIONAL_)?REQUIRED_PROPERT(Y|IES)$/;

/**
 * HubSpot reports invalid properties as JSON inside the message, or in `errors` with the property's name in `context`.
 * crmesh reads both.
 */
function validation(body: ErrorEnvelope): Finding {
  if (/'Edit Associations' permission/i.test(body.message ?? "")) {
    const detail = "The HubSpot user of this connection lacks the permission Edit Associations.";
    return { verdict: "PERMISSION", detail };
  }
  const errors: Record<string, string> = {};
  let missing = 0;
  for (const fault of faultsInMessage(body.message)) {
    if (fault.name) errors[fault.name] = explain(fault.error, fault.localizedErrorMessage ?? fault.message);
  }
  for (const { code, message, context } of body.errors ?? []) {
    const target = associationTarget(message);
    if (target) errors[associationFault(target)] = "HubSpot has no record with this id to associate.";
    for (const name of context?.["propertyName"] ?? context?.["properties"] ?? []) {
      if (name in errors) continue;
      errors[name] = explain(code, message);
      if (MISSING.test(code ?? "")) missing += 1;
    }
  }
  const faults = Object.keys(errors).length;
  if (faults > 0) return { errors, ...(missing === faults && { verdict: "MISSING" as const }) };
  const isOurs = /invalid input json|malformed/i.test(body.message ?? "");
  if (isOurs || body.category !== "VALIDATION_ERROR") return {};
  return { verdict: "INVALID", detail: "HubSpot refused the values without naming a field." };
}

/** Reads the resource of a missing associated record from a message such as `CONTACT=123 is not valid`. */
function associationTarget(message: string | undefined): ResourceName | null {
  const name = /^([A-Z_]+)=.* is not valid/s.exec(message ?? "")?.[1]?.toLowerCase() ?? "";
  return RESOURCES.find((resource) => name.startsWith(resource)) ?? null;
}

function faultsInMessage(message: string | undefined) {
  const found = /Property values were not valid: (\[.*\])/s.exec(message ?? "")?.[1];
  if (!found) return [];
  try {
    return propertyFaults(JSON.parse(found)) ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function explain(code: string | undefined, message: string | undefined): string {
  return message ? `HubSpot: ${message}` : `HubSpot refuses this value${code ? ` (${code})` : ""}.`;
}
