import type { FieldType } from "./objects.js";

/** What a part of a composite field holds: one column of the database. */
export type PartType = "TEXT" | "NUMERIC" | "JSON";

/** The parts of the field types that have several columns. */
export const COMPOSITES: Readonly<Partial<Record<FieldType, Readonly<Record<string, PartType>>>>> = {
  FULL_NAME: { firstName: "TEXT", lastName: "TEXT" },
  EMAILS: { primaryEmail: "TEXT", additionalEmails: "JSON" },
  PHONES: {
    primaryPhoneNumber: "TEXT",
    primaryPhoneCountryCode: "TEXT",
    primaryPhoneCallingCode: "TEXT",
    additionalPhones: "JSON",
  },
  LINKS: { primaryLinkLabel: "TEXT", primaryLinkUrl: "TEXT", secondaryLinks: "JSON" },
  CURRENCY: { amountMicros: "NUMERIC", currencyCode: "TEXT" },
  ACTOR: { source: "TEXT", workspaceMemberId: "TEXT", name: "TEXT" },
};

export type Composite = Record<string, unknown>;

/** A composite without values, as every record has it. */
export function emptyComposite(type: FieldType): Composite {
  const parts = Object.entries(COMPOSITES[type] ?? {});
  return Object.fromEntries(parts.map(([name, part]) => [name, part === "TEXT" ? "" : null]));
}

/** JSON in the way that the database writes it out as text: what LIKE looks at. */
export function databaseJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(databaseJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}: ${databaseJson(item)}`).join(", ")}}`;
}
