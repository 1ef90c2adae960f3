import type { QueryResource } from "./api.js";
import type { ResourceName } from "../../contract/model.js";
import { KEY_PREFIX } from "./ids.js";

/** What the calls must know of an object beside its fields. */
export interface SalesforceObject {
  name: string;
  keyPrefix: string;
  resource: QueryResource;
  /** Which rows there are; null where the resource says it all. */
  existing: string | null;
  /** Which rows a listing has. */
  listed: string | null;
}

export const OBJECTS: Record<ResourceName, SalesforceObject> = {
  contact: { name: "Contact", keyPrefix: KEY_PREFIX.contact, resource: "query", existing: null, listed: null },
  lead: { name: "Lead", keyPrefix: KEY_PREFIX.lead, resource: "query", existing: null, listed: null },
  meeting: {
    name: "Event",
    keyPrefix: KEY_PREFIX.event,
    // Salesforce archives events a year after their end, and plain queries leave those out.
    resource: "queryAll",
    existing: "IsDeleted = false",
    // Every user invited to an event has a copy of it, marked as a child.
    listed: "IsDeleted = false AND IsChild = false",
  },
};
