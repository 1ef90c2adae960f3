import type { Finding } from "../../kit/classifier.js";
import type { DuplicateResult, ErrorEntry } from "./error-entries.js";

/**
 * Whether the refusal is one of a duplicate, and of which record. A contact can collide with a lead, whose id would
 * lead nowhere as that of a contact: only a record of the rule's own object is named.
 * Source: recorded answers; the field `duplicateResult` is that of the SOAP API's DuplicateError.
 */
export function duplicateOf(entries: readonly ErrorEntry[]): Finding | null {
  for (const { errorCode, message, duplicateResult } of entries) {
    if (errorCode === "DUPLICATES_DETECTED") return { verdict: "DUPLICATE", existingId: firstMatch(duplicateResult) };
    if (errorCode === "DUPLICATE_VALUE") {
      // A field that is declared unique: the message ends with the id of the record that has the value.
      return { verdict: "DUPLICATE", existingId: /record with id: (\w{15,18})\b/.exec(message ?? "")?.[1] };
    }
  }
  return null;
}

function firstMatch(result: DuplicateResult | undefined): string | undefined {
  const wanted = result?.duplicateRuleEntityType;
  for (const { entityType, matchRecords = [] } of result?.matchResults ?? []) {
    for (const { record } of matchRecords) {
      const type = record?.attributes?.type ?? entityType;
      if (record?.Id !== undefined && (wanted === undefined || type === wanted)) return record.Id;
    }
  }
  return undefined;
}
