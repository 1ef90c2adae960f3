import type { StandardFieldSubject } from "../subject.js";

/** A list whose values are their own labels. */
export function picklist(key: string, label: string, value: string): StandardFieldSubject {
  return { key, label, type: "SELECT", value, native: value, optionLabels: [value] };
}

/** The record type of contacts and leads. Its labels are the names of the org’s record types. */
export const recordType: StandardFieldSubject = {
  key: "RecordTypeId",
  label: "Record Type ID",
  type: "SELECT",
  value: "0125g000000PartAAC",
  native: "0125g000000PartAAC",
  optionLabels: ["Partner (reseller)"],
};
