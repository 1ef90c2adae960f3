import Fastify from "fastify";
import { Pool } from "undici";
import {
  attendeesOf,
  contactFields,
  contactProperties,
  meetingFields,
  nativeIdOf,
  pageOf,
} from "../hand-written/fields.js";
import {
  ATTENDEE_PROPERTIES,
  CONTACT_PROPERTIES,
  MEETING_PROPERTIES,
  NAME_PROPERTIES,
} from "../hand-written/properties.js";

const CONTACTS = "/crm/objects/2026-09/contacts";
const MEETINGS = "/crm/objects/2026-09/meetings";

const contact = select(contactFields, Object.keys(contactFields));
const attendee = select(contactFields, ["id", "fullName", "title", "emails"]);
const named = select(contactFields, ["id", "fullName", "title"]);
const created = select(contactFields, [
  "id",
  "nativeId",
  "firstName",
  "lastName",
  "fullName",
  "title",
  "emails",
  "createdAt",
]);
const meeting = select(meetingFields, Object.keys(meetingFields));

/**
 * The least that a server in Node could do for the same answers: fastify and undici by hand, without GraphQL. A request
 * names one of these operations, and what is selected is fixed.
 */
const OPERATIONS = {
  async contacts(hubspot, { first }) {
    const query = { limit: first, properties: CONTACT_PROPERTIES.join(",") };
    const { nodes, pageInfo } = pageOf(await hubspot({ method: "GET", path: CONTACTS, query }));
    return { contacts: { nodes: nodes.map(contact), pageInfo } };
  },
  async meetings(hubspot, { first }) {
    const query = { limit: first, properties: MEETING_PROPERTIES.join(","), associations: "contacts" };
    const { nodes, pageInfo } = pageOf(await hubspot({ method: "GET", path: MEETINGS, query }));
    const attendees = nodes.map(attendeesOf);
    const ids = new Set(attendees.flat().flatMap(({ contactId }) => contactId ?? []));
    const found = await contactsById(hubspot, [...ids], ATTENDEE_PROPERTIES, attendee);
    const attended = (node, index) => ({
      ...meeting(node),
      attendees: attendees[index].map(({ contactId }) => ({
        isOrganizer: false,
        contact: contactId === null ? null : (found.get(contactId) ?? null),
      })),
    });
    return { meetings: { nodes: nodes.map(attended), pageInfo } };
  },
  async byId(hubspot, { ids }) {
    const nativeIds = ids.map(nativeIdOf);
    const found = await contactsById(hubspot, nativeIds, NAME_PROPERTIES, named);
    return { nodes: nativeIds.map((id) => found.get(id) ?? null) };
  },
  async create(hubspot, { input }) {
    const properties = contactProperties(input);
    return { createContact: created(await hubspot({ method: "POST", path: CONTACTS, body: { properties } })) };
  },
};

/** @returns the URL that takes `{ operation, variables }` */
export async function startFloor({ origin, accessToken, key }) {
  const pool = new Pool(origin);
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
  async function hubspot({ method, path, query, body }) {
    const answer = await pool.request({ method, path, query, headers, body: body && JSON.stringify(body) });
    if (answer.statusCode >= 300) throw new Error(`HubSpot answered ${answer.statusCode}.`);
    return JSON.parse(await answer.body.text());
  }
  const app = Fastify();
  app.post("/graphql", async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${key}`) return reply.code(401).send({ error: "Who are you?" });
    const { operation, variables } = request.body;
    return { data: await OPERATIONS[operation](hubspot, variables) };
  });
  return `${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
}

/** @returns each contact that HubSpot has, by its id */
async function contactsById(hubspot, ids, properties, show) {
  const body = { inputs: ids.map((id) => ({ id })), properties, propertiesWithHistory: [] };
  const { results } = await hubspot({ method: "POST", path: `${CONTACTS}/batch/read`, body });
  return new Map(results.map((one) => [one.id, show(one)]));
}

/** @returns a function that makes an object of some fields of a record */
function select(fields, names) {
  return (record) => {
    const shown = {};
    for (const name of names) shown[name] = fields[name](record);
    return shown;
  };
}
