/** The servers that are compared, each in a process of its own, and how each is asked for the same. */
import { Client } from "../client.js";
import { CONTACTS_BY_ID, CREATE_CONTACT, meetingsWithContacts, TWENTY_CONTACTS } from "../operations.js";
import {
  ATTENDEE_PROPERTIES,
  CONTACT_PROPERTIES,
  MEETING_PROPERTIES,
  NAME_PROPERTIES,
} from "../hand-written/properties.js";

export const OPERATIONS = {
  contacts: "20 contacts",
  meetings: "50 meetings with their attendees’ contacts",
  byId: "100 contacts by id",
  create: "a create",
};

const IDS = `{ contacts(provider: "hubspot", first: 100) { nodes { id nativeId } } }`;
const MEETINGS = meetingsWithContacts("hubspot");

let created = 0;
/** HubSpot takes an e-mail address only once. */
function newContact() {
  created += 1;
  return {
    firstName: "Grace",
    lastName: "Hopper",
    title: "Rear Admiral",
    emails: [{ address: `grace${created}@example.com` }],
  };
}

/** crmesh's own schema, of which the hand-written server has a part. */
function unified(ids) {
  return {
    contacts: () => TWENTY_CONTACTS,
    meetings: () => MEETINGS,
    byId: () => ({ query: CONTACTS_BY_ID, variables: { ids } }),
    create: () => ({ query: CREATE_CONTACT, variables: { input: newContact() } }),
  };
}

/** The floor knows the operations by their names. */
function named(ids) {
  return {
    contacts: () => ({ operation: "contacts", variables: TWENTY_CONTACTS.variables }),
    meetings: () => ({ operation: "meetings", variables: MEETINGS.variables }),
    byId: () => ({ operation: "byId", variables: { ids } }),
    create: () => ({ operation: "create", variables: { input: newContact() } }),
  };
}

const properties = (names) => `properties { ${names.join(" ")} }`;
/** GraphQL Mesh knows HubSpot's words only: whoever asks names HubSpot's properties, twice in a list. */
const OF_MESH = {
  contacts: `query Contacts($first: Int!, $properties: String!) {
    contacts(limit: $first, properties: $properties) {
      results { id createdAt updatedAt ${properties(CONTACT_PROPERTIES)} } paging { next { after } }
    }
  }`,
  meetings: `query Meetings($first: Int!, $properties: String!) {
    meetings(limit: $first, properties: $properties) {
      results {
        id createdAt ${properties(MEETING_PROPERTIES)}
        associations { contacts { results { contact { id ${properties(ATTENDEE_PROPERTIES)} } } } }
      }
      paging { next { after } }
    }
  }`,
  byId: `query ById($input: Batch_Input!) { contactsById(input: $input) { results { id ${properties(NAME_PROPERTIES)} } } }`,
  create: `mutation Create($input: NewContact_Input!) {
    createContact(input: $input) { id createdAt ${properties(["firstname", "lastname", "jobtitle", "email"])} }
  }`,
};

function native(nativeIds) {
  const { first } = TWENTY_CONTACTS.variables;
  const inputs = nativeIds.map((id) => ({ id }));
  return {
    contacts: () => ({ query: OF_MESH.contacts, variables: { first, properties: CONTACT_PROPERTIES.join(",") } }),
    meetings: () => ({
      query: OF_MESH.meetings,
      variables: { first: MEETINGS.variables.first, properties: MEETING_PROPERTIES.join(",") },
    }),
    byId: () => ({ query: OF_MESH.byId, variables: { input: { inputs, properties: NAME_PROPERTIES } } }),
    create() {
      const { firstName: firstname, lastName: lastname, title: jobtitle, emails } = newContact();
      const { address: email } = emails[0];
      return { query: OF_MESH.create, variables: { input: { properties: { firstname, lastname, jobtitle, email } } } };
    },
  };
}

/** Who is compared with crmesh. A native one is asked, and answers, in HubSpot's words. */
const OTHERS = {
  handWritten: { name: "hand-written", file: "hand-written/process.js", bodies: unified },
  mesh: { name: "configured Mesh", file: "peers/mesh-process.js", bodies: native },
  tunedMesh: { name: "tuned Mesh", file: "peers/mesh-process.js", bodies: native, tuned: true },
  floor: { name: "floor", file: "peers/floor-process.js", bodies: named },
};

/**
 * Starts a process of each, beside the stage's crmesh.
 * @returns for each its name, its process, its client, and what to send for each operation; crmesh is the first
 */
export async function startContestants({ sandbox, crmesh, client, headers, start }, keys = Object.keys(OTHERS)) {
  const { origins, credentials } = sandbox.ready;
  const options = { origin: origins.hubspot, accessToken: credentials.hubspot.accessToken, key: crmesh.ready.key };
  const { nodes } = (await client.ask({ query: IDS })).data.contacts;
  const nativeIds = nodes.map(({ nativeId }) => nativeId);
  const ids = nativeIds.map((id) => Buffer.from(`contact:${id}`).toString("base64url"));
  const contestants = {
    crmesh: { name: "crmesh", server: crmesh, client, bodies: unified(nodes.map(({ id }) => id)) },
  };
  for (const key of keys) {
    const { name, file, bodies, tuned } = OTHERS[key];
    const isNative = bodies === native;
    const server = await start(file, { ...options, tuned });
    contestants[key] = {
      name,
      server,
      client: new Client(server.ready.url, headers),
      bodies: bodies(isNative ? nativeIds : ids),
      isNative,
    };
  }
  return contestants;
}
