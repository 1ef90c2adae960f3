import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { APOLLO_STUDIO } from "../../src/http/cors.js";
import { Ground, type TestServer } from "../support/test-server.js";
import { launchOffline } from "./support/chromium.js";

const HEADERS = {
  "content-type": "application/json",
  authorization: "Bearer sk_test_demo",
  "x-end-user-id": "demo",
  "x-crmesh-trace": "calls",
  "x-sandbox-fault": "odoo=PROVIDER_ERROR",
};

let ground: Ground;
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [ground, browser] = await Promise.all([Ground.open(), launchOffline()]);
  server = await ground.serve({ config: { corsOrigins: [APOLLO_STUDIO] } });
});
afterAll(async () => {
  await browser.close();
  await ground.close();
});

/** A blank page at an origin to which no network leads. */
async function pageAt(origin: string, permissions: string[]): Promise<Page> {
  const context = await browser.newContext();
  await context.grantPermissions(permissions, { origin });
  const page = await context.newPage();
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<title>Page</title>" }));
  await page.goto(`${origin}/sandbox`);
  // As long as there is a route, Playwright answers each preflight itself.
  await page.unrouteAll();
  return page;
}

const ask = (page: Page, host: string) =>
  page.evaluate(
    async ({ url, headers }) => {
      const body = JSON.stringify({ query: '{ contacts(provider: "hubspot", first: 1) { nodes { fullName } } }' });
      try {
        const answer = await fetch(url, { method: "POST", headers, body });
        const [requestId, rateLimit] = ["x-request-id", "x-ratelimit-limit"].map((name) => answer.headers.get(name));
        return { status: answer.status, requestId, rateLimit, body: (await answer.json()) as unknown };
      } catch (error) {
        return String(error);
      }
    },
    { url: `http://${host}:${new URL(server.crmesh.origin).port}/graphql`, headers: HEADERS },
  );

/** The permission that Chrome asks the user for: "Access other apps and services on this device". */
const LOCAL = ["local-network-access"];

test.each(["127.0.0.1", "localhost"])("a page of Apollo's hosted Sandbox uses the graph at http://%s", async (host) => {
  const answer = await ask(await pageAt(APOLLO_STUDIO, LOCAL), host);
  expect(answer).toMatchObject({
    status: 200,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    rateLimit: "100000",
    body: {
      data: { contacts: { nodes: [{ fullName: expect.any(String) }] } },
      extensions: { calls: [{ status: 200 }] },
    },
  });
});

test("Chrome does not send the request if the user has not allowed the page to reach this machine", async () => {
  const before = server.logs.length;
  expect(await ask(await pageAt(APOLLO_STUDIO, []), "127.0.0.1")).toBe("TypeError: Failed to fetch");
  expect(server.logs.slice(before)).toEqual([]);
});

test("a page of another origin cannot use the graph, even if the user has allowed it to reach this machine", async () => {
  const before = server.logs.length;
  expect(await ask(await pageAt("https://evil.example.com", LOCAL), "127.0.0.1")).toBe("TypeError: Failed to fetch");
  const requests = server.logs.slice(before).map((line) => JSON.parse(line) as { msg: string; method: string });
  expect(requests.filter(({ msg }) => msg === "Request").map(({ method }) => method)).toEqual(["OPTIONS"]);
});
