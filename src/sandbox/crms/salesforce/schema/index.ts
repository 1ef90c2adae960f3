import { Event, EventRelation } from "./activities.js";
import { Account, Group, LeadStatus, User } from "./company.js";
import { READ_ONLY, type Field, email, flag, idField, text } from "./field.js";
import { objectSchema, type ObjectSchema } from "./object.js";
import { Contact, Lead } from "./people.js";

/** Every sObject of an imitated org. */
export const OBJECTS: readonly ObjectSchema[] = [Account, Contact, Event, EventRelation, Group, Lead, LeadStatus, User];

const byName = new Map(OBJECTS.map((schema) => [schema.name.toLowerCase(), schema]));
const byPrefix = new Map(OBJECTS.map((schema) => [schema.keyPrefix, schema]));

export function objectNamed(name: string): ObjectSchema | null {
  return byName.get(name.toLowerCase()) ?? null;
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
