import { SalesforceError } from "../errors.js";
import type { Org, Row } from "../org.js";
import { Contact } from "../schema/people.js";

const MESSAGE = "Use one of these records?";

/** This org's one duplicate rule: two contacts must not share both e-mail and last name, unless the caller insists. */
export function checkDuplicates(org: Org, row: Row): void {
  const key = matchKey(row);
  if (key === null) return;
  const matches: string[] = [];
  for (const other of org.rows(Contact)) {
    if (other.Id !== row.Id && other.IsDeleted !== true && matchKey(other) === key) matches.push(String(other.Id));
  }
  if (matches.length > 0) throw duplicatesDetected(matches);
}

function matchKey(row: Row): string | null {
  if (typeof row.Email !== "string" || typeof row.LastName !== "string") return null;
  return `${row.Email.toLowerCase()}\n${row.LastName.toLowerCase()}`;
}

function duplicatesDetected(ids: string[]): SalesforceError {
  const matchRecords = ids.map((id) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: { attributes: { type: "Contact" }, Id: id },
  }));
  const duplicateResult = {
    allowSave: true,
    duplicateRule: "Standard_Contact_Duplicate_Rule",
    duplicateRuleEntityType: "Contact",
    errorMessage: MESSAGE,
    matchResults: [
      {
        entityType: "Contact",
        errors: [],
        matchEngine: "FuzzyMatchEngine",
        matchRecords,
        rule: "Standard_Contact_Match_Rule",
        size: ids.length,
        success: true,
      },
    ],
  };
  return new SalesforceError(400, [{ duplicateResult, errorCode: "DUPLICATES_DETECTED", message: MESSAGE }]);
}
