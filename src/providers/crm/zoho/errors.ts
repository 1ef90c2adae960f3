import type { UpstreamResponse } from "../../../upstream/request.js";
import { membersOf } from "../../kit/answer.js";
import { classifier, type Finding, type Verdict } from "../../kit/classifier.js";
import { readText } from "../../mapping/json-dialect.js";

/** Meanings of the error codes, for every HTTP status. Source: zoho.com/crm/developer/docs/api/v8, "Status Codes". */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  INVALID_TOKEN: "CREDENTIAL",
  AUTHENTICATION_FAILURE: "CREDENTIAL",
  // Zoho sends this with 401, although the token is valid.
  OAUTH_SCOPE_MISMATCH: "PERMISSION",
  NO_PERMISSION: "PERMISSION",
  AUTHORIZATION_FAILED: "PERMISSION",
  TOO_MANY_REQUESTS: "RATE_LIMITED",
  DUPLICATE_DATA: "DUPLICATE",
  MANDATORY_NOT_FOUND: "MISSING",
  INVALID_MODULE: "UNSUPPORTED",
  INVALID_URL_PATTERN: "ERROR",
  INTERNAL_ERROR: "ERROR",
};
/** Refusals because of the record's current state. They name no field. */
const REFUSALS = /^(RECORD_LOCKED|NOT_APPROVED|NOT_REVIEWED|ALREADY_MODIFIED|CANNOT_PERFORM_ACTION|NOT_ALLOWED)$/;
/**
 * Seconds to wait if no API credits are left. Zoho states no time. Credits come back gradually, as calls become older
 * than a day. The limit of concurrent calls ends sooner, when calls end.
 */
const NO_CREDITS_S = 300;

export const classify = classifier({ providerName: "Zoho CRM", fault, success: partFault, limitedS: 10 });

/**
 * Reads refusals from a 2xx response. It can refuse the request or some of its records. The code counts, not the
 * status.
 */
function partFault(body: unknown, response: UpstreamResponse): Finding | null {
  return refusalIn(body) ? fault(body, response) : null;
}

function refusalIn(body: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = membersOf(body);
  const parts = [body, ...(Array.isArray(data) ? (data as unknown[]) : [])].map(membersOf);
  return parts.find(({ status, code }) => status === "error" && typeof code === "string");
}

function fault(body: unknown, { headers }: UpstreamResponse): Finding {
  const { code, details, message } = refusalIn(body) ?? membersOf(body);
  if (typeof code !== "string") return {};
  const { id, duplicate_record: duplicate, resource_path_index: place, errors: several } = membersOf(details);
  const field = fieldOf(membersOf(details));
  const known = Object.hasOwn(VERDICTS, code) ? VERDICTS[code] : undefined;
  if (known === "DUPLICATE") {
    const existingId = readText(id ?? membersOf(duplicate)["id"]);
    return { code, verdict: known, ...(existingId === null ? {} : { existingId }) };
  }
  if (known === "RATE_LIMITED" && headers["x-api-credits-remaining"] === "0") {
    return { code, verdict: known, retryAfter: NO_CREDITS_S };
  }
  if (known === "MISSING")
    return { code, verdict: known, errors: field ? { [field]: "Zoho CRM needs a value here." } : {} };
  if (known) return { code, verdict: known };
  if (Array.isArray(several)) {
    const fields = several.flatMap((one) => fieldOf(membersOf(membersOf(one)["details"])) ?? []);
    return { code, verdict: "INVALID", errors: Object.fromEntries(fields.map((name) => [name, refusalOf(code)])) };
  }
  if (code === "EXPIRED_VALUE")
    return {
      code,
      verdict: "INVALID",
      errors: { after: "This cursor is older than a day. Omit `after` to start again." },
    };
  // Zoho has no separate code for an unknown id.
  const isUnknownId = place !== undefined || /\bid given\b/i.test(String(message));
  if (code === "INVALID_DATA" && (field === "id" || (!field && isUnknownId))) return { code, verdict: "NOT_FOUND" };
  if (field) return { code, verdict: "INVALID", errors: { [field]: refusalOf(code) } };
  if (REFUSALS.test(code))
    return { code, verdict: "INVALID", detail: "Zoho CRM does not allow this change in the record’s current state." };
  return { code };
}

const refusalOf = (code: string) => `Zoho CRM refuses this value (${code}).`;

/** Reads the wrong field of a record. The path may lead to a part of the field: `$.data[0].Owner.id`. */
function fieldOf({ api_name: name, json_path: path }: Readonly<Record<string, unknown>>): string | undefined {
  const own = /^\$\.data\[\d+\]\.(\w+)/.exec(String(path))?.[1];
  return own ?? (typeof name === "string" && name !== "" ? name : undefined);
}
