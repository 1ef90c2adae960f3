import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { serverAudits } from "graphql-http";
import { DEMO_KEY, Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

/** What the audits ask for and crmesh does not do. All three recommend 200, under `application/json`, for refused requests. */
const DEPARTURES: Record<string, string> = {
  "572B":
    "A document that cannot be parsed keeps its documented status, 400, for callers that accept application/json.",
  FDE2: "A document that is not valid keeps its documented status, 400, for callers that accept application/json.",
  "7B9B": "Variables that are not valid keep their documented status, 400, for callers that accept application/json.",
};

const audits = serverAudits({
  url: () => server.url,
  fetchFn: async (url: string, init: RequestInit = {}) => {
    const answer = await fetch(url, { ...init, headers: { authorization: `Bearer ${DEMO_KEY}`, ...init.headers } });
    // Most audits leave the body unread, which would keep the connection open.
    return new Response(await answer.arrayBuffer(), answer);
  },
});
const kept = audits.filter(({ id }) => !(id in DEPARTURES));
const departed = audits.filter(({ id }) => id in DEPARTURES);

test("the package brings its audits", () => {
  expect(audits.length).toBeGreaterThan(50);
  expect(departed).toHaveLength(3);
});

test.each(kept.map((audit) => [audit.id, audit.name, audit] as const))("%s: %s", async (_id, _name, audit) => {
  const result = await audit.fn();
  expect([result.status, "reason" in result ? result.reason : null]).toEqual(["ok", null]);
});

test.each(departed.map((audit) => [audit.id, audit] as const))("%s is not followed", async (_id, audit) => {
  // Only a recommendation is departed from, and a departure that is no longer one leaves the list.
  expect((await audit.fn()).status).toBe("warn");
});
