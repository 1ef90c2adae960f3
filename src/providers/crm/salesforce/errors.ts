import { classifier, type Finding } from "../../kit/classifier.js";
import { peopleText } from "../../kit/people-text.js";
import { errorEntry, type ErrorEntry } from "./answers.js";
import { PROVIDER_NAME } from "./dialect.js";

/**
 * Seconds to wait for the daily limit. Salesforce never says how long a limit lasts. The daily limit counts the calls
 * of the last 24 hours, so a minute later some calls may be allowed again.
 */
const DAILY_RETRY_S = 60;
/**
 * Seconds to wait for the concurrency limit. It counts calls that have run for 20 seconds, and ends when one of them
 * ends.
 */
const CONCURRENT_RETRY_S = 20;

/** Refusals that last until somebody changes something, whatever their status. */
const FINAL_CODES: Readonly<Record<string, string>> = {
  STORAGE_LIMIT_EXCEEDED: "The Salesforce org has no storage left. Its administrator must free some, or buy more.",
  QUERY_TIMEOUT: "Salesforce gave up this query because it takes too long. Narrow the filter.",
  QUERY_TOO_COMPLICATED: "Salesforce cannot run a query of this size. Narrow the filter.",
  ORG_LOCKED: "The Salesforce org is locked.",
};

const PERMISSION_CODES = new Set([
  "API_CURRENTLY_DISABLED",
  "API_DISABLED_FOR_ORG",
  "INSUFFICIENT_ACCESS",
  "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
  "INSUFFICIENT_ACCESS_OR_READONLY",
]);

/**
 * Refusals of a record that name no field. crmesh has its own texts, because Salesforce's may contain an Apex
 * traceback.
 */
const RECORD_REFUSALS: Record<string, string> = {
  CANNOT_EXECUTE_FLOW_TRIGGER: "A flow of this Salesforce org refuses the record.",
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: "A trigger of this Salesforce org refuses the record.",
  CANNOT_UPDATE_CONVERTED_LEAD: "Salesforce does not allow changes to a converted lead.",
  DELETE_FAILED: "Salesforce refuses to delete the record.",
  ENTITY_IS_LOCKED: "The record is locked at Salesforce, for example by an approval.",
  FIELD_CUSTOM_VALIDATION_EXCEPTION: "A validation rule of this Salesforce org refuses the record.",
  FIELD_INTEGRITY_EXCEPTION: "Salesforce refuses this combination of values.",
  JSON_PARSER_ERROR: "A value does not have the type of its Salesforce field.",
  STRING_TOO_LONG: "A value is too long for its Salesforce field. Shorten it.",
};

/** Refusals whose text an administrator wrote for the people who use the org. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(["CANNOT_EXECUTE_FLOW_TRIGGER", "FIELD_CUSTOM_VALIDATION_EXCEPTION"]);

/** Source: developer.salesforce.com, REST API, "Status Codes and Error Responses". */
function entriesOf(body: unknown): ErrorEntry[] {
  return [body].flat().flatMap((entry) => errorEntry(entry) ?? []);
}

export const classify = classifier({
  providerName: PROVIDER_NAME,
  limitedS: DAILY_RETRY_S,
  fault(body, { status }) {
    const entries = entriesOf(body);
    return { code: entries[0]?.errorCode || undefined, ...findingOf(entries, status) };
  },
});

function findingOf(entries: readonly ErrorEntry[], status: number): Finding {
  const [first] = entries;
  const has = (code: string) => entries.some(({ errorCode }) => errorCode === code);
  // Salesforce sends this with 403, which has another meaning in most APIs.
  if (has("REQUEST_LIMIT_EXCEEDED")) {
    return { verdict: "RATE_LIMITED", ...(/^Concurrent/i.test(first?.message ?? "") && { waitS: CONCURRENT_RETRY_S }) };
  }
  // 420 is Salesforce's own status: its edge servers do not know the org's location yet.
  if (has("UNABLE_TO_LOCK_ROW") || has("SERVER_UNAVAILABLE") || status === 420) return { verdict: "UNAVAILABLE" };
  if (has("INVALID_SESSION_ID") || status === 401) return { verdict: "CREDENTIAL" };
  if (PERMISSION_CODES.has(first?.errorCode ?? "")) return { verdict: "PERMISSION" };
  const final = FINAL_CODES[first?.errorCode ?? ""];
  if (final !== undefined) return { verdict: "FINAL", detail: final };
  return status === 400 || status === 404 || has("CANNOT_EXECUTE_FLOW_TRIGGER") ? refusal(entries) : {};
}

/** Interprets a 400 or 404. Its errors have Salesforce's names of fields, which `withUnifiedNames` replaces later. */
function refusal(entries: readonly ErrorEntry[]): Finding {
  const duplicate = duplicateOf(entries);
  if (duplicate) return duplicate;
  const errors: Record<string, string> = {};
  for (const entry of entries) for (const field of fieldsOf(entry)) errors[field] ??= explain(entry);
  if (Object.keys(errors).length > 0) {
    const missingOnly = entries.every(({ errorCode }) => errorCode === "REQUIRED_FIELD_MISSING");
    return { verdict: missingOnly ? "MISSING" : "INVALID", errors };
  }
  const code = entries[0]?.errorCode ?? "";
  // Sources differ on the status of this code (404 or 400). It means that the record does not exist.
  if (code === "ENTITY_IS_DELETED") return { verdict: "NOT_FOUND" };
  const detail = RECORD_REFUSALS[code];
  if (detail === undefined) return {};
  const words = FOR_PEOPLE.has(code) ? peopleText(entries[0]?.message) : undefined;
  return { verdict: "INVALID", detail: words === undefined ? detail : `${detail} Salesforce: ${words}` };
}

function fieldsOf({ fields, errorCode, message }: ErrorEntry): string[] {
  if (fields && fields.length > 0) return fields;
  // Only the text names a field that this connection does not see.
  const column =
    errorCode === "INVALID_FIELD" ? /No such column '(\w+)' on (?:sobject|entity)/.exec(message ?? "")?.[1] : undefined;
  return column === undefined ? [] : [column];
}

function explain({ errorCode = "", message = "" }: ErrorEntry): string {
  if (errorCode === "INVALID_FIELD")
    return "Salesforce does not have this field here, or the connected user may not see it.";
  // Texts of validation rules are written for users. A traceback would begin on the second line, so only the first line
  // is shown.
  const firstLine = message.split("\n")[0]!.trim().slice(0, 200);
  if (firstLine === "" || errorCode === "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY") {
    return RECORD_REFUSALS[errorCode] ?? `Salesforce refuses this value (${errorCode}).`;
  }
  return `Salesforce: ${firstLine}`;
}

/**
 * Finds out whether the refusal is for a duplicate, and of which record. A contact can also duplicate a lead, but the
 * lead's id is no id of a contact. So the error names only a record of the rule's own object.
 * Source: recorded responses. The member `duplicateResult` is the same as in the SOAP API's DuplicateError.
 */
function duplicateOf(entries: readonly ErrorEntry[]): Finding | null {
  for (const { errorCode, message, duplicateResult } of entries) {
    if (errorCode === "DUPLICATES_DETECTED") return { verdict: "DUPLICATE", existingId: firstMatch(duplicateResult) };
    if (errorCode === "DUPLICATE_VALUE") {
      // A unique field has this value in another record. The message ends with the id of that record.
      return { verdict: "DUPLICATE", existingId: /record with id: (\w{15,18})\b/.exec(message ?? "")?.[1] };
    }
  }
  return null;
}

function firstMatch(result: ErrorEntry["duplicateResult"]): string | undefined {
  const wanted = result?.duplicateRuleEntityType;
  for (const { entityType, matchRecords = [] } of result?.matchResults ?? []) {
    for (const { record } of matchRecords) {
      const type = record?.attributes?.type ?? entityType;
      if (record?.Id !== undefined && (wanted === undefined || type === wanted)) return record.Id;
    }
  }
  return undefined;
}
