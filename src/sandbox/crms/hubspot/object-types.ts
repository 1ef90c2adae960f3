import { COMPANY_PROPERTIES } from "./company-properties.js";
import { CONTACT_PROPERTIES } from "./contact-properties.js";
import { validationError } from "./errors.js";
import { LEAD_PIPELINE, LEAD_PROPERTIES } from "./lead-properties.js";
import { isWide, wideFields } from "../../kit/account-kinds.js";
import { MEETING_PROPERTIES } from "./meeting-properties.js";
import { propertyIn, type Property } from "./property.js";

export interface ObjectType {
  readonly id: string;
  readonly singular: string;
  readonly plural: string;
  /** The name in HubSpot's messages. */
  readonly wireName: string;
  readonly properties: ReadonlyMap<string, Property>;
  /** The properties in the answer if the request names no properties. */
  readonly defaultProperties: readonly string[];
  /** The properties of every answer. */
  readonly systemProperties: readonly string[];
  readonly createdProperties: readonly string[];
  readonly modifiedProperty: string;
  readonly requiredProperties: readonly string[];
  /** A record needs at least one of these. Empty if there is no such rule. */
  readonly identifyingProperties: readonly string[];
  readonly initialValues: Readonly<Record<string, string>>;
  /** The properties that the `query` of a search looks through. */
  readonly searchedProperties: readonly string[];
  /** The first id. It is far above 2^31, like real ids. */
  readonly firstId: number;
}

export interface StoredRecord {
  readonly type: ObjectType;
  readonly id: string;
  /** The written properties, without cleared properties. */
  readonly values: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}

export const CONTACT = objectType({
  id: "0-1",
  singular: "contact",
  wireName: "CONTACT",
  properties: CONTACT_PROPERTIES,
  defaultProperties: ["email", "firstname", "lastname"],
  createdProperties: ["createdate"],
  modifiedProperty: "lastmodifieddate",
  identifyingProperties: ["email", "firstname", "lastname"],
  searchedProperties: ["firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "company"],
  firstId: 48_000_000_101,
});

export const LEAD = objectType({
  id: "0-136",
  singular: "lead",
  wireName: "LEAD",
  properties: LEAD_PROPERTIES,
  createdProperties: ["createdate", "hs_createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  requiredProperties: ["hs_lead_name"],
  initialValues: { hs_pipeline: LEAD_PIPELINE.id, hs_pipeline_stage: LEAD_PIPELINE.stages[0]!.id },
  searchedProperties: ["hs_lead_name", "hs_associated_contact_email", "hs_associated_contact_lastname"],
  firstId: 395_000_000_101,
});

export const MEETING = objectType({
  id: "0-47",
  singular: "meeting",
  wireName: "MEETING_EVENT",
  properties: MEETING_PROPERTIES,
  createdProperties: ["hs_createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  requiredProperties: ["hs_timestamp"],
  searchedProperties: ["hs_meeting_title", "hs_meeting_body"],
  firstId: 61_000_000_101,
});

export const COMPANY = objectType({
  id: "0-2",
  singular: "company",
  plural: "companies",
  wireName: "COMPANY",
  properties: COMPANY_PROPERTIES,
  defaultProperties: ["name", "domain"],
  createdProperties: ["createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  identifyingProperties: ["name", "domain"],
  searchedProperties: ["name", "domain", "phone"],
  firstId: 31_000_000_101,
});

export const OBJECT_TYPES = [CONTACT, LEAD, MEETING, COMPANY] as const;

/** Large portals have close to a thousand properties of a type. */
const WIDE = wideFields(900, (number) =>
  propertyIn("own")(`own_property_of_the_portal_${number}`, `Own property ${number}`, { hubspotDefined: false }),
);
const wideTypes = new Map(
  OBJECT_TYPES.map((type) => [
    type,
    new Map([...type.properties, ...WIDE.map((property) => [property.name, property] as const)]),
  ]),
);

/** The properties of a type in the portal with this name. */
export function propertiesOf(type: ObjectType, account: string): ReadonlyMap<string, Property> {
  return isWide(account) ? wideTypes.get(type)! : type.properties;
}

/** Finds a type by its id, its singular or plural name, or HubSpot's own name, in upper or lower case. */
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

type Definition = Partial<ObjectType> &
  Pick<ObjectType, "id" | "singular" | "wireName" | "createdProperties" | "modifiedProperty" | "firstId"> &
  Pick<ObjectType, "searchedProperties">;

function objectType({
  properties,
  ...definition
}: Omit<Definition, "properties"> & { properties: Property[] }): ObjectType {
  const { singular, createdProperties, modifiedProperty, defaultProperties = [] } = definition;
  const systemProperties = [createdProperties[0]!, "hs_object_id", modifiedProperty];
  return {
    ...{ requiredProperties: [], identifyingProperties: [], initialValues: {}, plural: `${singular}s` },
    ...definition,
    properties: new Map(properties.map((property) => [property.name, property])),
    systemProperties,
    defaultProperties: [...defaultProperties, ...systemProperties].sort(),
  };
}
