import type { UpstreamResponse } from "../../../upstream/request.js";
import { statedNumber } from "../../../upstream/stated.js";
import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding } from "../../kit/classifier.js";
import { PROVIDER_NAME } from "./dialect.js";

/** Seconds of the burst window. */
const BURST_S = 2;
/** Seconds to wait after Pipedrive's content network blocked crmesh for too many calls. */
const ABUSE_S = 60;
/** Seconds to wait for the daily limit. Pipedrive does not say when its day ends. */
const DAILY_S = 3600;

/** Source: pipedrive.readme.io, "HTTP status codes" and "Rate limiting". */
export const classify = classifier({
  providerName: PROVIDER_NAME,
  limitedS: BURST_S,
  fault,
  success: (body, response) => (membersOf(body)["success"] === false ? fault(body, response) : null),
});

function fault(body: unknown, { status, headers, isJson }: UpstreamResponse): Finding {
  // After too many calls, the content network answers with a page instead of JSON. The credential may be valid.
  if (status === 403 && !isJson) return { verdict: "RATE_LIMITED", waitS: ABUSE_S };
  const { code, error } = membersOf(body);
  const found: Finding = { code: wordOf(code), requestId: wordOf(headers["x-correlation-id"]) };
  if (status === 429) {
    const isDaily = headers["x-daily-ratelimit-token-remaining"] === "0";
    return { ...found, waitS: isDaily ? DAILY_S : statedNumber(headers["x-ratelimit-reset"]) || BURST_S };
  }
  if (status === 402) return { ...found, verdict: "PERMISSION", detail: "The Pipedrive account is not open." };
  if (status === 403 && found.code?.startsWith("feature_capping")) {
    return { ...found, verdict: "ERROR", detail: "The Pipedrive account has reached a limit of its plan." };
  }
  const errors = fieldsIn(error);
  const isNamed = Object.keys(errors).length > 0;
  if (status < 300) return isNamed ? { ...found, verdict: "INVALID", errors } : found;
  if (status !== 400 && status !== 422) return found;
  const detail = isNamed ? undefined : `${PROVIDER_NAME} refused the values without naming a field.`;
  return { ...found, verdict: "INVALID", errors, detail };
}

function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? value : undefined;
}

/**
 * Reads the first wrong field from the error's sentence, in quotes or after the word "failed". Pipedrive sends no list
 * of fields.
 */
function fieldsIn(error: unknown): Record<string, string> {
  const field = typeof error === "string" && /['"`](\w{2,40})['"`]|failed: (\w{2,40})/.exec(error);
  return field ? { [field[1] ?? field[2]!]: `${PROVIDER_NAME} refuses this value.` } : {};
}
