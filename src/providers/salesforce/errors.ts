import { CrmError, type UpstreamFacts } from "../../errors/crm-error.js";
import type { UpstreamResponse } from "../../upstream/request.js";
import { duplicateOf } from "./duplicates.js";
import { entriesOf, type ErrorEntry } from "./error-entries.js";

/**
 * Salesforce never says how long a limit lasts. The daily one counts the last 24 hours, so room comes back bit by
 * bit as old calls leave that window: a minute later some of it can be there.
 */
const DAILY_RETRY_S = 60;
/** The concurrent one counts calls that have run for 20 seconds, and ends with the first of them. */
const CONCURRENT_RETRY_S = 20;

const PERMISSION_CODES = new Set([
  "API_CURRENTLY_DISABLED",
  "API_DISABLED_FOR_ORG",
  "INSUFFICIENT_ACCESS",
  "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
  "INSUFFICIENT_ACCESS_OR_READONLY",
]);

/** Refusals of a record that name no field; the texts are ours, because Salesforce's may carry an Apex traceback. */
const RECORD_REFUSALS: Record<string, string> = {
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: "A trigger of this Salesforce org refuses the record.",
  CANNOT_UPDATE_CONVERTED_LEAD: "Salesforce lets nobody change a lead that has been converted.",
  DELETE_FAILED: "Salesforce refuses to delete the record.",
  ENTITY_IS_LOCKED: "The record is locked at Salesforce, by an approval for instance.",
  FIELD_CUSTOM_VALIDATION_EXCEPTION: "A validation rule of this Salesforce org refuses the record.",
  FIELD_INTEGRITY_EXCEPTION: "Salesforce refuses these values together.",
  JSON_PARSER_ERROR: "Salesforce cannot read a value: its type is not that of the field.",
  STRING_TOO_LONG: "A value is longer than its field at Salesforce.",
};

export function classify(response: UpstreamResponse): CrmError | null {
  const { status, body, isJson } = response;
  if (status >= 200 && status < 300) return unexpectedSuccess(response);
  const entries = isJson ? entriesOf(body) : [];
  const [first] = entries;
  const upstream: UpstreamFacts = { status, ...(first?.errorCode ? { code: first.errorCode } : {}) };
  const has = (code: string) => entries.some(({ errorCode }) => errorCode === code);

  // Said with 403, which means something else in most APIs.
  if (has("REQUEST_LIMIT_EXCEEDED") || status === 429) return rateLimited(first, upstream);
  if (has("UNABLE_TO_LOCK_ROW") || has("SERVER_UNAVAILABLE")) return new CrmError("PROVIDER_UNAVAILABLE", { upstream });
  if (status === 401 || has("INVALID_SESSION_ID")) {
    return new CrmError("PROVIDER_AUTH_FAILED", { upstream }, { credentialRefused: true });
  }
  if (status === 403 || PERMISSION_CODES.has(first?.errorCode ?? "")) {
    return new CrmError("PROVIDER_AUTH_FAILED", {
      upstream,
      detail: "The connection lacks a permission at Salesforce.",
    });
  }
  // 420 is Salesforce's own: its edge does not know yet where the org is.
  if ([420, 502, 503, 504].includes(status)) return new CrmError("PROVIDER_UNAVAILABLE", { upstream });
  if (status === 400 || status === 404) return refusal(entries, upstream);
  return new CrmError("PROVIDER_ERROR", { upstream });
}

/** A page of HTML with status 200 is not an answer of the API. A 204 has no body at all. */
function unexpectedSuccess({ status, isJson, body }: UpstreamResponse): CrmError | null {
  if (isJson || body === "") return null;
  return new CrmError("PROVIDER_ERROR", { upstream: { status }, detail: "Salesforce’s answer is not JSON." });
}

function rateLimited(first: ErrorEntry | undefined, upstream: UpstreamFacts): CrmError {
  const isConcurrent = /^Concurrent/i.test(first?.message ?? "");
  return new CrmError("PROVIDER_RATE_LIMITED", {
    upstream,
    retryAfter: isConcurrent ? CONCURRENT_RETRY_S : DAILY_RETRY_S,
  });
}

/** What a 400 or 404 means. Fields stand there under Salesforce's names; the caller's are put in their place later. */
function refusal(entries: readonly ErrorEntry[], upstream: UpstreamFacts): CrmError {
  const duplicate = duplicateOf(entries);
  if (duplicate) return new CrmError("DUPLICATE_RECORD", { upstream, ...duplicate });

  const errors: Record<string, string> = {};
  for (const entry of entries) for (const field of fieldsOf(entry)) errors[field] ??= explain(entry);
  if (Object.keys(errors).length > 0) {
    const missingOnly = entries.every(({ errorCode }) => errorCode === "REQUIRED_FIELD_MISSING");
    return new CrmError(missingOnly ? "MISSING_REQUIRED" : "INVALID_INPUT", { upstream, errors });
  }
  const code = upstream.code ?? "";
  // Sources differ on whether this comes with 404 or with 400; it means that the record is not there.
  if (code === "ENTITY_IS_DELETED") return new CrmError("PROVIDER_ERROR", { upstream: { ...upstream, status: 404 } });
  const detail = RECORD_REFUSALS[code];
  if (detail !== undefined) return new CrmError("INVALID_INPUT", { upstream, errors: {}, detail });
  return new CrmError("PROVIDER_ERROR", { upstream });
}

function fieldsOf({ fields, errorCode, message }: ErrorEntry): string[] {
  if (Array.isArray(fields) && fields.length > 0) return fields;
  // A field that is not there for this connection is named in the text alone.
  const column =
    errorCode === "INVALID_FIELD" ? /No such column '(\w+)' on sobject/.exec(message ?? "")?.[1] : undefined;
  return column === undefined ? [] : [column];
}

function explain({ errorCode = "", message = "" }: ErrorEntry): string {
  if (errorCode === "INVALID_FIELD") return "Salesforce has no such field here, or the connection may not see it.";
  // Validation rules are written for the user who reads them; a traceback would begin on a line of its own.
  const firstLine = message.split("\n")[0]!.trim().slice(0, 200);
  if (firstLine === "" || errorCode === "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY") {
    return RECORD_REFUSALS[errorCode] ?? `Salesforce refuses this value (${errorCode}).`;
  }
  return `Salesforce: ${firstLine}`;
}
