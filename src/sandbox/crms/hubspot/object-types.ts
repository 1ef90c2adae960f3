import { CONTACT_PROPERTIES } from "./contact-properties.js";
import { validationError } from "./errors.js";
import { LEAD_PIPELINE } from "./lead-pipeline.js";
import { LEAD_PROPERTIES } from "./lead-properties.js";
import { MEETING_PROPERTIES } from "./meeting-properties.js";
import type { Property } from "./property.js";

export interface ObjectType {
  readonly id: string;
  readonly singular: string;
  readonly plural: string;
  /** How HubSpot's messages call it. */
  readonly wireName: string;
  readonly properties: ReadonlyMap<string, Property>;
  /** What comes back when no properties are asked for. */
  readonly defaultProperties: readonly string[];
  /** What comes back whatever is asked for. */
  readonly systemProperties: readonly string[];
  readonly createdProperties: readonly string[];
  readonly modifiedProperty: string;
  readonly requiredProperties: readonly string[];
  /** A record needs at least one of these; empty when there is no such rule. */
  readonly identifyingProperties: readonly string[];
  readonly initialValues: Readonly<Record<string, string>>;
  /** What a search's `query` looks into. */
  readonly searchedProperties: readonly string[];
  /** The first id given out; far above 2^31, as real ones are. */
  readonly firstId: number;
}

export const CONTACT: ObjectType = {
  id: "0-1",
  singular: "contact",
  plural: "contacts",
  wireName: "CONTACT",
  properties: byName(CONTACT_PROPERTIES),
  defaultProperties: ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"],
  systemProperties: ["createdate", "hs_object_id", "lastmodifieddate"],
  createdProperties: ["createdate"],
  modifiedProperty: "lastmodifieddate",
  requiredProperties: [],
  identifyingProperties: ["email", "firstname", "lastname"],
  initialValues: {},
  searchedProperties: ["firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "company"],
  firstId: 48_000_000_101,
};

export const LEAD: ObjectType = {
  id: "0-136",
  singular: "lead",
  plural: "leads",
  wireName: "LEAD",
  properties: byName(LEAD_PROPERTIES),
  defaultProperties: ["createdate", "hs_lastmodifieddate", "hs_object_id"],
  systemProperties: ["createdate", "hs_lastmodifieddate", "hs_object_id"],
  createdProperties: ["createdate", "hs_createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  requiredProperties: ["hs_lead_name"],
  identifyingProperties: [],
  initialValues: { hs_pipeline: LEAD_PIPELINE.id, hs_pipeline_stage: LEAD_PIPELINE.stages[0]!.id },
  searchedProperties: ["hs_lead_name", "hs_associated_contact_email", "hs_associated_contact_lastname"],
  firstId: 395_000_000_101,
};

export const MEETING: ObjectType = {
  id: "0-47",
  singular: "meeting",
  plural: "meetings",
  wireName: "MEETING_EVENT",
  properties: byName(MEETING_PROPERTIES),
  defaultProperties: ["hs_createdate", "hs_lastmodifieddate", "hs_object_id"],
  systemProperties: ["hs_createdate", "hs_lastmodifieddate", "hs_object_id"],
  createdProperties: ["hs_createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  requiredProperties: ["hs_timestamp"],
  identifyingProperties: [],
  initialValues: {},
  searchedProperties: ["hs_meeting_title", "hs_meeting_body"],
  firstId: 61_000_000_101,
};

export const OBJECT_TYPES = [CONTACT, LEAD, MEETING] as const;

/** By id, singular, plural or HubSpot's own name, in any case. */
export function findObjectType(name: string): ObjectType | undefined {
  const wanted = name.toLowerCase();
  return OBJECT_TYPES.find(({ id, singular, plural, wireName }) =>
    [id, singular, plural, wireName.toLowerCase()].includes(wanted),
  );
}

export function objectTypeNamed(name: string): ObjectType {
  const type = findObjectType(name);
  if (!type) throw validationError(`Unable to infer object type from: ${name}`);
  return type;
}

function byName(properties: readonly Property[]): ReadonlyMap<string, Property> {
  return new Map(properties.map((property) => [property.name, property]));
}
