import { query, times } from "../cases.js";
import { CANARY } from "../judge.js";

const CREATE = `mutation ($p: String, $input: ContactInput!) { createContact(provider: $p, input: $input) { id } }`;

/** Harm: one request that writes hundreds of records, connections or events, or one record of tens of thousands of fields. */
export const writes = {
  name: "writes",
  harm: "mutations by the hundred",
  share: 20,
  reaches: ["data", "INVALID_INPUT"],
  variants: {
    wrongCredentials: (random, targets) =>
      query(
        targets,
        `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }`,
        {
          input: {
            endUserId: random.word(),
            provider: random.pick(targets.providers),
            credentials: random.pick([
              { accessToken: CANARY, refreshToken: CANARY, apiKey: CANARY, password: CANARY },
              { accessToken: `${CANARY}\r\nX: 1` },
              { apiKey: CANARY, url: "http://169.254.169.254/", host: "localhost" },
              [CANARY],
              CANARY,
              null,
              { accessToken: { deep: CANARY } },
            ]),
          },
        },
        { expect: ({ body }) => (body?.data?.createConnection ? "a wrong credential made a connection" : null) },
      ),
    someContacts: (random, targets) =>
      query(
        targets,
        `mutation { ${times(random.int(2, 10), `a#: createContact(provider: "${random.pick(targets.providers)}", input: { lastName: "Many#" }) { id }`)} }`,
      ),
    emptyInput: (random, targets) => query(targets, CREATE, { p: random.pick(targets.providers), input: {} }),
    updateNothing: (random, targets) =>
      query(
        targets,
        `mutation ($id: ID!) { updateContact(id: $id, input: { lastName: null, emails: [], tags: null }) { id } }`,
        {
          id: random.pick(targets.records.contacts),
        },
      ),
    deleteMissing: (random, targets) =>
      query(
        targets,
        `mutation ($p: String, $id: ID!) { deleteContact(provider: $p, id: $id) { id } deleteConnection(id: $id) { id } }`,
        {
          p: random.pick(targets.providers),
          id: String(random.int(1, 1e9)),
        },
      ),
    deleteTwice: (random, targets) =>
      query(
        targets,
        `mutation ($id: ID!) { a: deleteMeeting(id: $id) { id } b: deleteMeeting(id: $id) { id } c: updateMeeting(id: $id, input: { title: "x" }) { id } }`,
        {
          id: random.pick(targets.records.meetings),
        },
      ),
    invertedDates: (random, targets) =>
      query(
        targets,
        `mutation ($p: String) { createMeeting(provider: $p, input: { title: "x", startAt: "9999-12-31T23:59:59Z", endAt: "0001-01-01T00:00:00Z" }) { id } }`,
        { p: random.pick(targets.providers) },
      ),
    connectTokens: (random, targets) =>
      query(
        targets,
        `mutation { ${times(random.int(1, 8), `a#: createConnectToken(input: { endUserId: "${random.word()}#" }) { url }`)} }`,
      ),
  },
  rare: {
    manyConnections: (random, targets) =>
      query(
        targets,
        `mutation { ${times(299, `a#: createConnection(input: { endUserId: "crowd-#", provider: "${random.pick(targets.providers)}", credentials: { accessToken: "${CANARY}", apiKey: "${CANARY}" } }) { id }`)} }`,
      ),
    manyContacts: (random, targets) =>
      query(
        targets,
        `mutation { ${times(299, `a#: createContact(provider: "${random.pick(targets.providers)}", input: { lastName: "Crowd#" }) { id }`)} }`,
      ),
    manyEndUsers: (random, targets) =>
      query(
        targets,
        `mutation { ${times(299, `a#: upsertEndUser(input: { endUserId: "crowd-#", displayName: "x" }) { id }`)} }`,
      ),
    manyConnectTokens: (random, targets) =>
      query(targets, `mutation { ${times(299, `a#: createConnectToken(input: { endUserId: "crowd-#" }) { url }`)} }`),
    customFields: (random, targets) => {
      const customFields = Array.from({ length: 60_000 }, (_, at) => ({ key: `field_${at}`, value: at }));
      return query(targets, CREATE, { p: random.pick(targets.providers), input: { lastName: "Wide", customFields } });
    },
    sameCustomField: (random, targets) => {
      const customFields = Array.from({ length: 60_000 }, () => ({ key: "x", value: "y" }));
      return query(targets, CREATE, { p: random.pick(targets.providers), input: { lastName: "Wide", customFields } });
    },
    longLists: (random, targets) =>
      query(targets, CREATE, {
        p: random.pick(targets.providers),
        input: {
          lastName: "Long",
          emails: Array.from({ length: 20_000 }, (_, at) => ({ address: `a${at}@example.com` })),
          phones: Array.from({ length: 20_000 }, (_, at) => ({ number: `+4915${at}` })),
          tags: Array.from({ length: 20_000 }, (_, at) => `tag${at}`),
        },
      }),
    manyAttendees: (random, targets) =>
      query(
        targets,
        `mutation ($p: String, $ids: [ID!]) { createMeeting(provider: $p, input: { title: "Crowd", startAt: "2026-11-23T09:00:00Z", endAt: "2026-11-23T10:00:00Z", contactIds: $ids }) { id } }`,
        { p: "hubspot", ids: Array.from({ length: 50_000 }, (_, at) => String(at)) },
      ),
  },
};
