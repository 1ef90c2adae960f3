import { Event, EventRelation } from "./activities.js";
import { Account, Group, LeadStatus, RecordType, User } from "./company.js";
import { isNarrow, isWide, wideFields } from "../../../kit/account-kinds.js";
import { READ_ONLY, type Field, email, flag, idField, text } from "./field.js";
import { objectSchema, type ObjectSchema } from "./object.js";
import { Contact, Lead } from "./people.js";

/** Every sObject of an imitated org. */
export const OBJECTS: readonly ObjectSchema[] = [
  ...[Account, Contact, Event, EventRelation, Group, Lead, LeadStatus, RecordType, User],
];

const byName = new Map(OBJECTS.map((schema) => [schema.name.toLowerCase(), schema]));
const byPrefix = new Map(OBJECTS.map((schema) => [schema.keyPrefix, schema]));

export function objectNamed(name: string): ObjectSchema | null {
  return byName.get(name.toLowerCase()) ?? null;
}

const WIDE = wideFields(500, (number) => text(`Own_Field_Of_The_Org_${number}__c`, `Own field ${number}`, 255));
const wideObjects = new Map(
  [Contact, Lead, Event].map((schema) => [schema, objectSchema({ ...schema, fields: [...schema.fields, ...WIDE] })]),
);

/**
 * What field-level security hides from the user of a narrow org, and what that user may only read. Without Shared
 * Activities, relations of events do not say who is invited.
 */
const HIDDEN: Readonly<Record<string, readonly string[]>> = {
  Contact: ["MobilePhone", "AssistantPhone", "Department"],
  Lead: ["Email", "MobilePhone"],
  Event: ["Location"],
  EventRelation: ["IsInvitee"],
};
const READ_ONLY_THERE: Readonly<Record<string, readonly string[]>> = { Contact: ["Fax"], Lead: ["Fax"] };
const narrowObjects = new Map(
  OBJECTS.filter(({ name }) => name in HIDDEN).map((schema) => {
    const seen = schema.fields.filter(({ name }) => !HIDDEN[schema.name]!.includes(name));
    const fields = seen.map((one) =>
      READ_ONLY_THERE[schema.name]?.includes(one.name) ? { ...one, ...READ_ONLY } : one,
    );
    return [schema, objectSchema({ ...schema, fields })];
  }),
);

/** Finds an object of the org with this name, as the connected user sees it. */
export function objectOfOrg(org: string, name: string): ObjectSchema | null {
  const schema = objectNamed(name);
  if (!schema) return null;
  const own = isWide(org) ? wideObjects.get(schema) : isNarrow(org) ? narrowObjects.get(schema) : undefined;
  return own ?? schema;
}

/** Finds the object of an id by its key prefix. */
export function objectOfId(id: string): ObjectSchema | null {
  return byPrefix.get(id.slice(0, 3)) ?? null;
}

/** The columns of a relation that can lead to records of several objects. */
export const NAME = objectSchema({
  name: "Name",
  keyPrefix: "",
  fields: [
    idField("Name ID"),
    text("Name", "Name", 121, READ_ONLY),
    text("FirstName", "First Name", 40, READ_ONLY),
    text("LastName", "Last Name", 80, READ_ONLY),
    text("Title", "Title", 128, READ_ONLY),
    text("Username", "Username", 80, READ_ONLY),
    text("Type", "Type", 40, READ_ONLY),
    email("Email", "Email", READ_ONLY),
    text("Phone", "Phone", 40, READ_ONLY),
    flag("IsActive", "Active", READ_ONLY),
  ],
});

/** Returns the schema whose columns a query can read through a reference. */
export function relationTarget(reference: Field): ObjectSchema {
  const [only, ...others] = reference.referenceTo;
  return others.length === 0 && only !== undefined ? (objectNamed(only) ?? NAME) : NAME;
}
