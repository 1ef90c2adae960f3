import type { CustomFieldRule, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { customValueReader } from "../../mapping/custom-value.js";
import { fieldKit } from "../../mapping/field-kit.js";
import { jsonDialect, readText } from "../../mapping/json-dialect.js";

export const PROVIDER_NAME = "HubSpot";

/** HubSpot's property values. Every read returns text. Writing `""` clears a property. */
export const dialect = jsonDialect(PROVIDER_NAME, {
  cleared: "",
  readDateTime,
  readBoolean: (value) => (value === "true" ? true : value === "false" ? false : null),
  writeBoolean: (value) => String(value),
});
export const kit = fieldKit(dialect);

/** HubSpot's usual form of a date-time, with days that every month has. Such a text needs no parsing. */
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;
const WITH_MILLISECONDS = "2026-01-01T00:00:00.000Z".length;

/** HubSpot returns ISO 8601 with Z. It also accepts epoch milliseconds in writes, and old integrations stored these. */
export function readDateTime(value: unknown): string | null {
  const text = readText(value);
  if (text === null) return null;
  if (CANONICAL.test(text)) return text.length === WITH_MILLISECONDS ? text : `${text.slice(0, -1)}.000Z`;
  const date = new Date(/^\d+$/.test(text) ? Number(text) : text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The first address identifies the record at HubSpot. The second property has all other addresses, joined by `;`. */
export const ADDRESS_PROPERTIES = ["email", "hs_additional_emails"] as const;

export function addressesOf(native: NativeRecord): string[] {
  const [first, others] = ADDRESS_PROPERTIES.map((property) => kit.readText(native[property]) ?? "");
  return [first!, ...others!.split(";")].map((address) => address.trim()).filter((address) => address !== "");
}

export const owner = kit.ownerById("hubspot_owner_id");
/** Fields of every object. */
export const recordFields = { owner, ...kit.stamps("$createdAt", "$updatedAt"), url: kit.readOnlyText("$url") };
/** Entries of every map. */
export const base = { providerName: PROVIDER_NAME, identity: ["hs_object_id"] };
/** Properties that repeat the times of the object itself. */
export const STAMP_ALIASES = {
  createdate: "createdAt",
  hs_createdate: "createdAt",
  hs_lastmodifieddate: "updatedAt",
};
export const ownerInput = kit.input<string>("hubspot_owner_id");

const readValue = customValueReader(dialect);

/**
 * HubSpot's own properties are properties as the portal's are.
 * @param aliases properties that repeat what the map reads from elsewhere
 */
export function customFieldRule(aliases: Readonly<Record<string, string>>): CustomFieldRule {
  return {
    isKey: (key) => /^[a-z][a-z0-9_]*$/.test(key),
    aliases,
    read: (value, type) => (kit.readText(value) === null ? null : readValue(value, type)),
    write: (value) => (Array.isArray(value) ? value.join(";") : (readText(value) ?? "")),
  };
}

/** HubSpot's plural name of companies, which are no records of the graph. */
export const COMPANIES = "companies";

/** HubSpot's plural names, as its paths and inline associations use them. */
export const OBJECT_TYPES = { contact: "contacts", lead: "leads", meeting: "meetings" } as const satisfies Record<
  ResourceName,
  string
>;
