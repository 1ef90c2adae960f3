import { fieldKit } from "../field-kit.js";

export const PROVIDER_NAME = "HubSpot";

/** HubSpot's property values: text on every read, `""` clears. */
export const kit = fieldKit({
  providerName: PROVIDER_NAME,
  cleared: "",
  readText: (value) => (value === null || value === undefined || value === "" ? null : String(value)),
  readDateTime,
  writeDateTime: (value) => value.toISOString(),
  readBoolean: (value) => (value === "true" ? true : value === "false" ? false : null),
  writeBoolean: (value) => String(value),
});

/** HubSpot answers ISO 8601 with Z; epoch milliseconds are what it takes in writes, and what old integrations stored. */
export function readDateTime(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  const date = new Date(/^\d+$/.test(String(value)) ? Number(value) : String(value));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
