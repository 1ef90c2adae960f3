import { expect } from "@jest/globals";
import type { NativeRecord } from "../../../src/providers/contract/field-map.js";
import type { CustomFieldSubject, FieldTruth } from "../subject.js";

/** Attributes are lists of values. A value with a single member becomes that member. */
export type Values = readonly unknown[];

export function first(native: NativeRecord, slug: string): unknown {
  return (native[slug] as Values)[0] ?? null;
}

export function parts(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>;
}

/** Nine fractional digits become three. */
export function instant(value: unknown): string {
  return `${String(value).slice(0, 23)}Z`;
}

export const createdAt: FieldTruth = { native: ["created_at"], of: ({ created_at: at }) => instant(at) };

export const MISSING_IDS = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
export const MALFORMED_IDS = ["", "1", "people", "../1", "00000000-0000-4000-8000-00000000000", "x".repeat(36)];

export const CUSTOM_FIELDS: CustomFieldSubject[] = [
  { key: "department", label: "Department", type: "TEXT", value: "Sales; EMEA", native: ["Sales; EMEA"] },
  { key: "score", label: "Score", type: "NUMBER", value: 12.5, native: [12.5] },
  { key: "satisfaction", label: "Satisfaction", type: "NUMBER", value: 4, native: [4] },
  {
    key: "budget",
    label: "Budget",
    type: "NUMBER",
    value: 1500.25,
    native: [{ currency_value: 1500.25, currency_code: "USD" }],
  },
  { key: "do_not_contact", label: "Do not contact", type: "BOOLEAN", value: false, native: [false] },
  { key: "birthday", label: "Birthday", type: "DATE", value: "1980-02-29", native: ["1980-02-29"] },
  {
    key: "next_call",
    label: "Next call",
    type: "DATE_TIME",
    value: "2026-12-01T09:30:15.250Z",
    native: ["2026-12-01T09:30:15.250000000Z"],
  },
  {
    key: "lead_source",
    label: "Lead source",
    type: "SELECT",
    value: "Trade Show",
    native: [{ option: expect.objectContaining({ title: "Trade Show" }) }],
  },
  {
    key: "lifecycle",
    label: "Lifecycle",
    type: "SELECT",
    value: "Customer",
    native: [{ status: expect.objectContaining({ title: "Customer" }) }],
  },
  {
    key: "interests",
    label: "Interests",
    type: "MULTI_SELECT",
    value: ["Chess", "Opera; classical"],
    native: ["Chess", "Opera; classical"].map((title) => ({ option: expect.objectContaining({ title }) })),
  },
];
