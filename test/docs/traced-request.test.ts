import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";

/** The parts of the page that trace a query and a mutation. */
const page = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8");
const mutationAt = page.indexOf("### A mutation");
const QUERY = page.slice(page.indexOf("## One request"), mutationAt);
const MUTATION = page.slice(mutationAt, page.indexOf("\n## ", mutationAt));

const documentIn = (section: string) => /```graphql\n([^`]+)```/.exec(section)![1]!;

/** The calls of a section's table, in an order of their own: calls to different CRMs overlap. */
function callsIn(section: string): string[] {
  return [...section.matchAll(/^\| `((?:GET|POST) [^`]+)`/gm)].map(([, call]) => call!).sort();
}

const asWritten = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path.replace(/\d{6,}$/, "<id>")}`;

let ground: Ground;
let server: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

test("the traced query of docs/architecture.md makes the listed calls", async () => {
  const email = /`([\w.]+@example\.com)`/.exec(QUERY)![1]!;
  const { data, calls } = await server.traced<Record<string, { nodes: { meetings: { nodes: object[] } }[] }>>(
    documentIn(QUERY),
    { variables: { email } },
  );
  for (const crm of ["hubspot", "salesforce"]) expect(data[crm]!.nodes[0]!.meetings.nodes).toHaveLength(1);
  expect(calls.map(asWritten).sort()).toEqual(callsIn(QUERY));
});

test("the traced mutation of docs/architecture.md makes the listed calls", async () => {
  const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(
    "{ contacts(first: 1) { nodes { id } } }",
    { provider: "hubspot" },
  );
  const input = {
    title: "Demo",
    startAt: "2027-01-12T09:00:00Z",
    endAt: "2027-01-12T10:00:00Z",
    contactIds: [contacts.nodes[0]!.id],
  };
  const { data, calls } = await server.traced<{ createMeeting: { contacts: object[] } }>(documentIn(MUTATION), {
    variables: { input },
  });
  expect(data.createMeeting.contacts).toHaveLength(1);
  expect(calls.map(asWritten).sort()).toEqual(callsIn(MUTATION));
});
