/** HubSpot's objects in JSON Schema, as GraphQL Mesh reads them. Their titles become names of GraphQL types. */
import { CONTACT_PROPERTIES, MEETING_PROPERTIES } from "../hand-written/properties.js";

const text = { type: "string" };
const texts = (names) => Object.fromEntries(names.map((name) => [name, text]));
const object = (title, properties) => ({ type: "object", title, properties });
const list = (items) => ({ type: "array", items });

const recordOf = (title, properties, more = {}) =>
  object(title, {
    ...texts(["id", "createdAt", "updatedAt"]),
    properties: object(`${title}Properties`, texts(properties)),
    ...more,
  });
const pageOf = (title, record) =>
  object(title, { results: list(record), paging: object("Paging", { next: object("PagingNext", { after: text }) }) });

export const contact = recordOf("Contact", CONTACT_PROPERTIES);
/** The contact of an association is a field that mesh.js adds. */
const association = object("Association", { id: text, type: text });
const meeting = recordOf("Meeting", MEETING_PROPERTIES, {
  associations: object("MeetingAssociations", {
    contacts: object("AssociatedContacts", { results: list(association) }),
  }),
});

export const contacts = pageOf("Contacts", contact);
export const meetings = pageOf("Meetings", meeting);
export const newContact = object("NewContact", {
  properties: object("NewContactProperties", texts(CONTACT_PROPERTIES)),
});
export const batch = object("Batch", { inputs: list(object("BatchInput", { id: text })), properties: list(text) });
