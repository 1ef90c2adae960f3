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
    filters: (random, targets) => {
      const field = random.pick(["search", "name", "email", "phone", "ownerId"]);
      return query(
        targets,
        `query ($provider: String, $filter: ContactFilter) { contacts(provider: $provider, first: 1, filter: $filter) { nodes { id } } }`,
        { provider: random.pick(targets.providers), filter: { [field]: nastyText(random) } },
      );
    },
    meetingFilters: (random, targets) =>
      query(
        targets,
        `query ($provider: String, $filter: MeetingFilter) { meetings(provider: $provider, first: 1, filter: $filter) { nodes { id } } }`,
        {
          provider: random.pick(targets.providers),
          filter: { [random.pick(["search", "name", "attendeeEmail", "ownerId"])]: nastyText(random) },
        },
      ),
    nativeIds: (random, targets) => {
      const of = random.pick(Object.keys(record));
      return query(
        targets,
        `query ($provider: String, $id: ID!) { ${of}(provider: $provider, id: $id) { id ${record[of]} } }`,
        { provider: random.pick(targets.providers), id: nastyText(random) },
        { expect: isNoContact },
      );
    },
    endUserIds: (random, targets) =>
      query(targets, `query ($id: ID!) { endUser(endUserId: $id) { id } connections(endUserId: $id) { id } }`, {
        id: nastyText(random),
      }),
    upsertedEndUsers: (random, targets) =>
      query(
        targets,
        `mutation ($input: UpsertEndUserInput!) { upsertEndUser(input: $input) { id displayName email } }`,
        {
          input: { endUserId: nastyText(random), displayName: nastyText(random), email: nastyText(random) },
        },
      ),
    providers: (random, targets) =>
      query(targets, `query ($p: String!) { provider(slug: $p) { name } contacts(provider: $p) { nodes { id } } }`, {
        p: nastyText(random),
      }),
    cursors: (random, targets) =>
      query(
        targets,
        `query ($p: String, $after: String) { contacts(provider: $p, first: 1, after: $after) { nodes { id } }
           connectionEvents(first: 1, after: $after) { nodes { id } } }`,
        { p: random.pick(targets.providers), after: nastyText(random) },
      ),
    connectionIds: (random, targets) =>
      query(
        targets,
        `query ($id: ID!) { connection(id: $id) { id } connectionEvents(connectionId: $id) { nodes { id } } }`,
        {
          id: nastyText(random),
        },
      ),
    inputs: (random, targets) =>
      query(
        targets,
        `mutation ($p: String, $input: ContactInput!) { createContact(provider: $p, input: $input) { id } }`,
        {
          p: random.pick(targets.providers),
          input: {
            lastName: nastyText(random),
            emails: [{ address: nastyText(random) }],
            phones: [{ number: nastyText(random) }],
            websites: [nastyText(random)],
            company: { id: nastyText(random) },
          },
        },
      ),
    leadInputs: (random, targets) =>
      query(targets, `mutation ($p: String, $input: LeadInput!) { createLead(provider: $p, input: $input) { id } }`, {
        p: random.pick(targets.providers),
        input: {
          lastName: nastyText(random),
          subject: nastyText(random),
          contactId: nastyText(random),
          value: { amount: nastyText(random), currency: nastyText(random) },
        },
      }),
    redirects: (random, targets) =>
      query(targets, `mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }`, {
        input: { endUserId: random.word(), provider: nastyText(random), redirectUrl: nastyText(random) },
      }),
    inTheDocument: (random, targets) =>
      query(targets, `{ provider(slug: ${JSON.stringify(nastyText(random))}) { name } }`),
    asTheDocument: (random, targets) => query(targets, nastyText(random)),
  },
};
