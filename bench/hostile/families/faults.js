import { query, times } from "../cases.js";
import { QueryMaker } from "../graph.js";

/** Faults of the sandbox that are answered at once, and those that keep a request waiting. */
const QUICK = [
  "PROVIDER_ERROR",
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_AUTH_FAILED",
  "NEEDS_REAUTH",
  "TRUNCATED",
  "EDGE_HTML",
  "UNAVAILABLE_BURST",
];
const SLOW = ["TIMEOUT", "SLOW", "SLOW_BODY"];

function faulty(random, targets, document, variables) {
  const faults = random
    .some(targets.providers, random.pick([0.1, 0.4, 1]))
    .map((slug) => `${slug}=${random.chance(0.005) ? random.pick(SLOW) : random.pick(QUICK)}`);
  return sent(targets, document, faults, variables);
}

function sent(targets, document, faults, variables) {
  return query(targets, document, variables, {
    headers: {
      authorization: `Bearer ${targets.keys.test}`,
      "x-end-user-id": "demo",
      ...(faults.length > 0 ? { "x-sandbox-fault": faults.join(", ") } : {}),
    },
  });
}

const all = (selection) => (random, targets) => faulty(random, targets, `{ connections { ${selection} } }`);
const byProvider = (document) => (random, targets) =>
  faulty(random, targets, document, { p: random.pick(targets.providers) });

/** Harm: loads that fail where no field waits for them, so that their rejections have no owner; failures that answer nothing. */
export const faults = {
  name: "faults",
  harm: "loads that fail everywhere",
  share: 60,
  reaches: ["data", "PROVIDER_UNAVAILABLE"],
  variants: {
    random: (random, targets) => {
      // The records of the live key belong to nobody here: the fields that take ids fail as such.
      const maker = new QueryMaker(random, { ...targets, ...targets.demo }, { fields: 30 });
      return faulty(random, targets, maker.query(6));
    },
    // Two of three calls fail, so records are found whose linked ones are not; nobody waits for these.
    burst: (random, targets) => {
      const edges = "meetings(first: 3) { pageInfo { hasNextPage } } leads(first: 3) { __typename }";
      const pages = [
        "contacts(first: 5) { nodes { " + edges + " } }",
        "meetings(first: 5) { nodes { contacts { __typename } } }",
      ];
      const selection = times(random.int(1, 4), `a#: ${pages[0]} b#: ${pages[1]}`);
      return sent(
        targets,
        `{ connections { ${selection} } }`,
        targets.providers.map((slug) => `${slug}=UNAVAILABLE_BURST`),
      );
    },
    edgesPageInfo: all(
      "contacts(first: 2) { nodes { meetings(first: 1) { pageInfo { hasNextPage } } leads(first: 1) { pageInfo { endCursor } } } }",
    ),
    edgesTypename: all(
      "meetings(first: 2) { nodes { contacts { __typename } leads { __typename } attendees { contact { __typename } } } }",
    ),
    edgesIds: all(
      "meetings(first: 2) { nodes { contacts { id } leads { id } attendees { email contact { id nativeId } } } }",
    ),
    linkedRecords: all(
      "leads(first: 3) { nodes { id contact { fullName } convertedContact { fullName } owner { name } } }",
    ),
    completenessOnly: all("contacts(first: 1) { completeness { isComplete } } meetings(first: 1) { __typename }"),
    customFields: all("contacts(first: 1) { nodes { customFields { key value } owner { name } } }"),
    edgeOfOne: (random, targets) =>
      faulty(
        random,
        targets,
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { meetings(first: 1) { pageInfo { hasNextPage } } leads { __typename } }
        ... on Meeting { attendees { isOrganizer } } } }`,
        {
          ids: [...random.some(targets.demo.records.contacts, 0.2), ...random.some(targets.demo.records.meetings, 0.2)],
        },
      ),
    create: byProvider(
      `mutation ($p: String) { createContact(provider: $p, input: { firstName: "A", lastName: "Fault", emails: [{ address: "fault@example.com" }] }) { id fullName meetings(first: 1) { pageInfo { hasNextPage } } } }`,
    ),
    createMeeting: byProvider(
      `mutation ($p: String) { createMeeting(provider: $p, input: { title: "Fault", startAt: "2026-11-23T09:00:00Z", endAt: "2026-11-23T10:00:00Z" }) { id attendees { contact { id } } } }`,
    ),
    oneCrm: byProvider(
      `query ($p: String!) { contacts(provider: $p, first: 2) { nodes { id leads(first: 1) { nodes { id contact { id } } } } } provider(slug: $p) { name } }`,
    ),
  },
};
