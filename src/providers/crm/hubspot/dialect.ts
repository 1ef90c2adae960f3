import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "HubSpot";

/** HubSpot's property values: text on every read, `""` clears. */
export const dialect = jsonDialect(PROVIDER_NAME, {
  cleared: "",
  readDateTime,
  readBoolean: (value) => (value === "true" ? true : value === "false" ? false : null),
  writeBoolean: (value) => String(value),
});

export const kit = fieldKit(dialect);

/** What HubSpot writes, as far as that is surely a day of the calendar: it needs no parsing. */
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;
const WITH_MILLISECONDS = "2026-01-01T00:00:00.000Z".length;

/** HubSpot answers ISO 8601 with Z; epoch milliseconds are what it takes in writes, and what old integrations stored. */
export function readDateTime(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  const text = String(value);
  if (CANONICAL.test(text)) return text.length === WITH_MILLISECONDS ? text : `${text.slice(0, -1)}.000Z`;
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
