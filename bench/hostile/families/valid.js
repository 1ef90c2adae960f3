import { query } from "../cases.js";
import { QueryMaker } from "../graph.js";

const random = (fields, depth) => (random, targets) =>
  query(targets, new QueryMaker(random, targets, { fields }).query(random.int(2, depth)), undefined, {
    path: random.chance(0.3) ? `/graphql?provider=${random.pick(targets.providers)}` : "/graphql",
    headers: {
      "x-end-user-id": random.pick(targets.endUsers),
      ...(random.chance(0.2) ? { "x-crmesh-trace": "calls" } : {}),
    },
  });

const EDGES = { contacts: ["meetings", "leads"], meetings: ["contacts", "leads"], leads: ["contact"] };

/** contact -> meetings -> attendees -> contact -> …, by whatever edges there are. */
function chain(random, type, depth) {
  if (depth === 0) return "{ id }";
  const edge = random.pick(EDGES[type]);
  if (edge === "contact") return `{ id contact ${chain(random, "contacts", depth - 1)} }`;
  if (type === "meetings" && random.chance(0.5)) {
    return `{ id attendees { email contact ${chain(random, "contacts", depth - 1)} } }`;
  }
  const next = chain(random, edge, depth - 1);
  return type === "contacts"
    ? `{ id ${edge}(first: ${random.int(1, 3)}) { nodes ${next} } }`
    : `{ id ${edge} ${next} }`;
}

/** Harm: a query that any client may write, but nobody foresaw, meets a fault of the server, or reads without an end. */
export const valid = {
  name: "valid",
  harm: "unforeseen but valid queries",
  share: 70,
  reaches: ["data"],
  variants: {
    small: random(12, 5),
    middling: random(40, 7),
    edges: (random, targets) => {
      const type = random.pick(["contacts", "meetings"]);
      const listing = `${type}(provider: "${random.pick(targets.providers)}", first: ${random.int(1, 4)})`;
      return query(targets, `{ ${listing} { nodes ${chain(random, type, random.int(1, 3))} } }`);
    },
    edgePageInfoOnly: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "${random.pick(targets.providers)}", first: 3) {
             nodes { meetings(first: 1) { pageInfo { hasNextPage } } leads(first: 1) { completeness { isComplete } } } } }`,
      ),
  },
  rare: {
    deepEdges: (random, targets) =>
      query(
        targets,
        `{ contacts(provider: "hubspot", first: 100) { nodes { meetings(first: 2) { nodes { attendees { contact {
             meetings(first: 2) { nodes { attendees { contact { id fullName } } } } } } } } } } }`,
      ),
    recursiveAttendees: (random, targets) =>
      query(
        targets,
        `{ meetings(provider: "${random.pick(["hubspot", "odoo", "salesforce"])}", first: 100) { nodes {
             attendees { contact { meetings(first: 10) { nodes { attendees { contact { id emails { address } } } } } } } } } }`,
      ),
    // Everyone in a meeting of hundreds, and everyone in the meetings of each of them.
    crowd: (random, targets) =>
      query(
        targets,
        `query ($id: ID!) { meeting(id: $id) { attendees { contact { meetings { nodes { attendees { contact { id } } } } } } } }`,
        { id: targets.crowdedMeeting },
      ),
    crowdOfCrowds: (random, targets) =>
      query(
        targets,
        `query ($id: ID!) { meeting(id: $id) { attendees { contact { meetings(first: 1) { nodes { attendees { contact {
           meetings(first: 1) { nodes { attendees { email } } } } } } } } } } }`,
        { id: targets.crowdedMeeting },
      ),
    large: random(300, 9),
  },
};
