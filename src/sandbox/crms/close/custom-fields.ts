import { isNumber } from "../../kit/exact-number.js";
import { type FieldErrors } from "./errors.js";
import type { CustomValues } from "./rows.js";

export interface CustomField {
  readonly id: string;
  readonly name: string;
  readonly type: "text" | "textarea" | "number" | "date" | "datetime" | "choices" | "user";
  readonly choices?: readonly string[];
  readonly acceptsMultipleValues?: boolean;
}

export type CustomFieldOwner = "contact" | "lead";

function fieldId(name: string): string {
  return `cf_${name.padEnd(43, "0")}`;
}

function fieldsOf(owner: string): CustomField[] {
  return [
    { id: fieldId(`${owner}Note`), name: "Note", type: "textarea" },
    { id: fieldId(`${owner}Score`), name: "Score", type: "number" },
    { id: fieldId(`${owner}Signed`), name: "Signed on", type: "date" },
    { id: fieldId(`${owner}Segment`), name: "Segment", type: "choices", choices: ["Small", "Large"] },
    {
      id: fieldId(`${owner}Interests`),
      name: "Interests",
      type: "choices",
      choices: ["Price", "Speed", "Support"],
      acceptsMultipleValues: true,
    },
  ];
}

/** The custom fields of every organization. Contacts and leads share the last one. */
const SHARED: CustomField = { id: fieldId("sharedRegion"), name: "Region", type: "text" };
const CUSTOM_FIELDS: Readonly<Record<CustomFieldOwner, readonly CustomField[]>> = {
  contact: [...fieldsOf("contact"), SHARED],
  lead: [...fieldsOf("lead"), SHARED],
};

export function customFieldsOf(owner: CustomFieldOwner): readonly CustomField[] {
  return CUSTOM_FIELDS[owner];
}

const KEY = /^custom\.(\w+)(?:\.(add|remove))?$/;

/**
 * Returns the custom values of a record after a write. `custom.<id>` sets a field, and null clears it.
 * `custom.<id>.add` and `.remove` change one value of a field with several values.
 * @param errors gets the faults of the values
 */
export function writeCustomValues(
  owner: CustomFieldOwner,
  current: CustomValues,
  body: Readonly<Record<string, unknown>>,
  errors: Record<string, FieldErrors[string]>,
): CustomValues {
  const values: Record<string, unknown> = { ...current };
  for (const [key, given] of Object.entries(body)) {
    const [, id, change] = KEY.exec(key) ?? [];
    if (id === undefined) continue;
    const field = customFieldsOf(owner).find((one) => one.id === id);
    if (!field) {
      errors[key] = "Custom field does not exist.";
      continue;
    }
    const value = change === undefined ? given : changed(values[id], given, change);
    const problem = value === null ? null : problemOf(field, value);
    if (problem !== null) errors[key] = problem;
    else if (value === null || (Array.isArray(value) && value.length === 0)) delete values[id];
    else values[id] = value;
  }
  return values;
}

function changed(current: unknown, value: unknown, change: string): unknown[] {
  const others = (Array.isArray(current) ? (current as unknown[]) : []).filter((one) => one !== value);
  return change === "add" ? [...others, value] : others;
}

function problemOf(field: CustomField, value: unknown): string | null {
  if (field.acceptsMultipleValues) {
    if (!Array.isArray(value)) return "Not a list.";
    return value.map((one) => problemOf({ ...field, acceptsMultipleValues: false }, one)).find((one) => one) ?? null;
  }
  switch (field.type) {
    case "number":
      return isNumber(value) ? null : "Not a valid number.";
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? null : "Not a valid date.";
    case "choices":
      return field.choices!.includes(String(value)) ? null : "Not a valid choice.";
    case "text":
    case "textarea":
    case "datetime":
    case "user":
      return typeof value === "string" ? null : "Not a valid string.";
  }
}
