import { query } from "../cases.js";
import { nastyText } from "../texts.js";

const isNoContact = ({ body }) => (body?.data?.contact ? "it was answered with a contact" : null);
const record = { contact: "fullName", lead: "fullName", meeting: "title" };

/** Harm: text that a database, a URL, a header, a CRM's query language or a log takes for something else. */
export const texts = {
  name: "texts",
  harm: "text that is taken for something else",
  share: 120,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    filters: (random, world) => {
      const field = random.pick(["search", "name", "email", "phone", "ownerId"]);
      return query(
        world,
        `query ($provider: String, $filter: ContactFilter) { contacts(provider: $provider, first: 1, filter: $filter) { nodes { id } } }`,
        { provider: random.pick(world.providers), filter: { [field]: nastyText(random) } },
      );
    },
    meetingFilters: (random, world) =>
      query(
        world,
        `query ($provider: String, $filter: MeetingFilter) { meetings(provider: $provider, first: 1, filter: $filter) { nodes { id } } }`,
        {
          provider: random.pick(world.providers),
          filter: { [random.pick(["search", "name", "attendeeEmail", "ownerId"])]: nastyText(random) },
        },
      ),
    nativeIds: (random, world) => {
      const of = random.pick(Object.keys(record));
      return query(
        world,
        `query ($provider: String, $id: ID!) { ${of}(provider: $provider, id: $id) { id ${record[of]} } }`,
        { provider: random.pick(world.providers), id: nastyText(random) },
        { expect: isNoContact },
      );
    },
    endUserIds: (random, world) =>
      query(world, `query ($id: ID!) { endUser(id: $id) { id } connections(endUserId: $id) { id } }`, {
        id: nastyText(random),
      }),
    upsertedEndUsers: (random, world) =>
      query(world, `mutation ($input: UpsertEndUserInput!) { upsertEndUser(input: $input) { id displayName email } }`, {
        input: { id: nastyText(random), displayName: nastyText(random), email: nastyText(random) },
      }),
    providers: (random, world) =>
      query(world, `query ($p: String!) { provider(slug: $p) { name } contacts(provider: $p) { nodes { id } } }`, {
        p: nastyText(random),
      }),
    cursors: (random, world) =>
      query(
        world,
        `query ($p: String, $after: String) { contacts(provider: $p, first: 1, after: $after) { nodes { id } }
           connectionEvents(first: 1, after: $after) { nodes { id } } }`,
        { p: random.pick(world.providers), after: nastyText(random) },
      ),
    connectionIds: (random, world) =>
      query(
        world,
        `query ($id: ID!) { connection(id: $id) { id } connectionEvents(connectionId: $id) { nodes { id } } }`,
        {
          id: nastyText(random),
        },
      ),
    inputs: (random, world) =>
      query(
        world,
        `mutation ($p: String, $input: ContactInput!) { createContact(provider: $p, input: $input) { id } }`,
        {
          p: random.pick(world.providers),
          input: {
            lastName: nastyText(random),
            emails: [{ address: nastyText(random) }],
            phones: [{ number: nastyText(random) }],
            websites: [nastyText(random)],
            company: { id: nastyText(random) },
          },
        },
      ),
    leadInputs: (random, world) =>
      query(world, `mutation ($p: String, $input: LeadInput!) { createLead(provider: $p, input: $input) { id } }`, {
        p: random.pick(world.providers),
        input: {
          lastName: nastyText(random),
          subject: nastyText(random),
          contactId: nastyText(random),
          value: { amount: nastyText(random), currency: nastyText(random) },
        },
      }),
    redirects: (random, world) =>
      query(world, `mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }`, {
        input: { endUserId: random.word(), provider: nastyText(random), redirectUrl: nastyText(random) },
      }),
    inTheDocument: (random, world) => query(world, `{ provider(slug: ${JSON.stringify(nastyText(random))}) { name } }`),
    asTheDocument: (random, world) => query(world, nastyText(random)),
  },
};
