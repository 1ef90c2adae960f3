import type { CustomFieldRule } from "../field-map.js";
import type { CustomFieldType } from "../model.js";
import { readDateTime, readText } from "./dialect.js";

/** Salesforce itself marks the fields of an org’s own by their ending. */
export const customFieldRule: CustomFieldRule = {
  isCustom: (key) => /^[A-Za-z]\w*__c$/.test(key),
  read: readCustomValue,
  write: (value) => (Array.isArray(value) ? value.join(";") : value),
};

function readCustomValue(value: unknown, type: CustomFieldType): unknown {
  if (value === null || value === undefined || value === "") return null;
  switch (type) {
    case "NUMBER":
    case "BOOLEAN":
      return value;
    case "DATE_TIME":
      return readDateTime(value);
    case "MULTI_SELECT":
      return String(value).split(";");
    case "DATE":
    case "TEXT":
    case "SELECT":
    case "OTHER":
      return readText(value);
  }
}
