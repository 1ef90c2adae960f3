/**
 * One entry of the array that a failed call answers; every part of it may be missing.
 * Source: developer.salesforce.com, REST API, "Status Codes and Error Responses".
 */
export interface ErrorEntry {
  errorCode?: string;
  message?: string;
  /** Salesforce's names of the fields at fault. */
  fields?: string[];
  duplicateResult?: DuplicateResult;
}

/** What a duplicate rule found. Source: recorded answers. */
export interface DuplicateResult {
  duplicateRuleEntityType?: string;
  matchResults?: {
    entityType?: string;
    matchRecords?: { record?: { Id?: string; attributes?: { type?: string } } }[];
  }[];
}

export function entriesOf(body: unknown): ErrorEntry[] {
  const entries = Array.isArray(body) ? body : [body];
  return entries.filter((entry): entry is ErrorEntry => typeof entry === "object" && entry !== null);
}
