import { customValueReader } from "../../mapping/custom-value.js";
import type { CustomFieldRule } from "../../contract/field-map.js";
import { dialect, kit } from "./dialect.js";

const readValue = customValueReader(dialect);

/** Salesforce itself marks the fields of an org’s own by their ending. */
export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[A-Za-z]\w*__c$/.test(key),
  read: (value, type) => (kit.readText(value) === null ? null : readValue(value, type)),
  write: (value) => (Array.isArray(value) ? value.join(";") : value),
};
