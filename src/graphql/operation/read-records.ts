import { isObjectType, type GraphQLCompositeType, type GraphQLNamedType } from "graphql";
import type { ResourceName } from "../../providers/contract/model.js";
import { unifiedName } from "./unified-name.js";

export const RESOURCE_TYPES: Record<string, ResourceName> = { Contact: "contact", Lead: "lead", Meeting: "meeting" };

/** Types of people, for whom records of all CRMs are read. */
export const PEOPLE = new Set(["Person", "MergedPersonConnection"]);
/** The records that are read of a person, as the bound of records counts them. */
const RECORDS_OF_A_PERSON = 5;

/** Pages over all CRMs. crmesh reads up to twice the records that they show. */
export const MERGED_PAGES: Readonly<Record<string, ResourceName>> = {
  MergedContactConnection: "contact",
  MergedLeadConnection: "lead",
  MergedMeetingConnection: "meeting",
  MergedPersonConnection: "contact",
};
const READ_OF_SHOWN = 2;

/**
 * Whether a field reads records from a CRM: pages and single records do. The nodes of a page are counted with the page.
 * The contact of an attendee is counted with the attendee, because some CRMs store the attendee's name on the contact.
 */
export function readsRecords(around: GraphQLCompositeType, named: GraphQLNamedType): boolean {
  const on = unifiedName(around);
  const name = unifiedName(named);
  // A person is counted with its contacts.
  if (name === "Person") return !isPage(around) && !/Edge$/.test(around.name);
  if (isPage(around) || /Edge$/.test(around.name) || on === "Attendee" || (on === "Person" && name === "Contact"))
    return false;
  return isPage(named) || name in RESOURCE_TYPES || ["Attendee", "Node", "_Entity"].includes(name);
}

/** The records that are read for each that a field shows. */
export function recordsOf(named: GraphQLNamedType): number {
  const name = unifiedName(named);
  return (
    (MERGED_PAGES[name] ? READ_OF_SHOWN : name === "Person" ? 0 : 1) + (PEOPLE.has(name) ? RECORDS_OF_A_PERSON : 0)
  );
}

/** Whether a type is a page of a list, which Relay calls a connection. */
export function isPage(type: GraphQLNamedType): boolean {
  return isObjectType(type) && "pageInfo" in type.getFields();
}
