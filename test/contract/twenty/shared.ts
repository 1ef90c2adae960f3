import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import { instantOf, same, since, textOf, until } from "../stage/truth.js";
import type { CustomFieldSubject, FieldTruth, FilterTruth } from "../subject.js";

export const CUSTOM_FIELDS: readonly CustomFieldSubject[] = [
  { key: "crmeshNote", label: "Note", type: "TEXT", value: 'A "note" & more', native: 'A "note" & more' },
  { key: "crmeshScore", label: "Score", type: "NUMBER", value: 7.5, native: 7.5 },
  { key: "crmeshChannel", label: "Channel", type: "SELECT", value: "FAIR", native: "FAIR" },
  {
    key: "crmeshTopics",
    label: "Topics",
    type: "MULTI_SELECT",
    value: ["PRICE", "SUPPORT"],
    native: ["PRICE", "SUPPORT"],
  },
  {
    key: "crmeshRenewal",
    label: "Renewal",
    type: "DATE_TIME",
    value: "2027-01-05T09:00:00.000Z",
    native: "2027-01-05T09:00:00.000Z",
  },
];

export const absentId = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
export const MISSING_IDS = [absentId(1), absentId(2), "ffffffff-ffff-4fff-bfff-ffffffffffff"];
export const MALFORMED_IDS = ["", "abc", "12", "../people", "1'; --", "0".repeat(36), `${absentId(1)},x`, "[1]"];

export function ownFieldsOf(object: string): Record<"createdAt" | "updatedAt" | "url", FieldTruth> {
  return {
    createdAt: same("createdAt"),
    updatedAt: same("updatedAt"),
    url: { native: ["id"], of: (_native, { origin }, id) => `${origin}/object/${object}/${id}` },
  };
}

const instant = (native: string) => (record: NativeRecord) => instantOf(record[native]);

export function sharedFilters(resource: ResourceName) {
  return {
    createdSince: since(resource, instant("createdAt")),
    createdUntil: until(resource, instant("createdAt")),
    updatedSince: since(resource, instant("updatedAt")),
    updatedUntil: until(resource, instant("updatedAt")),
  } satisfies Record<string, FilterTruth>;
}

export const sharedOrders = { CREATED_AT: instant("createdAt"), UPDATED_AT: instant("updatedAt") };

/** Whether every word occurs in one of the fields. */
export function words(fields: readonly string[], values: readonly string[]): FilterTruth {
  return {
    values: () => values,
    passes: (native, value: string) =>
      value
        .toLowerCase()
        .split(/\s+/)
        .every((word) => fields.some((field) => (textOf(native[field]) ?? "").toLowerCase().includes(word))),
  };
}
