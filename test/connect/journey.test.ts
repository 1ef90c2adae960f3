import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { linesOf, logLine } from "../support/log-lines.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { Ground, type TestServer } from "../support/test-server.js";

let ground: Ground;
let server: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

const CREATE = "mutation($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }";
const CONNECTIONS = "{ connections { id status provider { slug } accountName } }";

interface Connections {
  connections: { id: string; status: string; provider: { slug: string }; accountName: string }[];
}

async function link(endUserId: string, input: Record<string, string> = {}): Promise<string> {
  const variables = { input: { endUserId, ...input } };
  const data = await server.data<{ createConnectToken: { url: string } }>(CREATE, { variables, endUserId: null });
  return data.createConnectToken.url;
}

const connectionsOf = async (endUserId: string) =>
  (await server.data<Connections>(CONNECTIONS, { endUserId })).connections;

const pathOf = (url: string) => new URL(url).pathname;

test("a credential is checked by the CRM, said to be wrong, mended, used and ended", async () => {
  const browser = new EndUserBrowser();
  const page = await browser.open(await link("form-user", { provider: "odoo" }));
  expect(pathOf(page.url)).toMatch(/\/odoo$/);

  const right = ground.sandbox.credentials("odoo", "form-user");
  const fields = { ...right, url: "https://odoo.example" };
  const refused = await browser.submit(page, pathOf(page.url), { ...fields, apiKey: "wrong-key" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("Odoo refused this combination of database, login and API key");
  expect(refused.text).not.toContain("wrong-key");
  expect(await connectionsOf("form-user")).toEqual([]);

  const noAddress = await browser.submit(page, pathOf(page.url), { ...fields, url: "odoo" });
  expect(noAddress.status).toBe(422);
  expect(noAddress.text).toContain('href="#field-url"');

  const done = await browser.submit(page, pathOf(page.url), fields);
  expect(done).toMatchObject({ status: 200, text: expect.stringContaining("<h1>Odoo is connected</h1>") });
  expect(await connectionsOf("form-user")).toMatchObject([{ status: "ACTIVE", provider: { slug: "odoo" } }]);

  const ended = await browser.submit(done, `${pathOf(page.url)}/disconnect`, {});
  expect(ended.text).toContain("Odoo is disconnected");
  expect(await connectionsOf("form-user")).toEqual([]);
  expect(server.logs.join("")).not.toContain("wrong-key");

  // The log says for whom the CRM refused what.
  const line = await eventually(() => server.logs.map(logLine).find(({ status }) => status === 422));
  expect(line).toMatchObject({
    level: "info",
    msg: "Request",
    environment: "test",
    endUserId: expect.stringMatching(/^eu_/),
    path: "/connect/:sid/:provider",
    codes: ["PROVIDER_AUTH_FAILED"],
  });
  expect(linesOf(line.requestId!, server.logs)).toContainEqual(
    expect.objectContaining({ level: "warn", msg: "Provider failed", provider: "odoo", code: "PROVIDER_AUTH_FAILED" }),
  );
});

test("a consent connects; a second one keeps the connection and its id", async () => {
  const done = await new EndUserBrowser().consent(await link("consent-user"), "hubspot", "consent-user");
  expect(done).toMatchObject({ status: 200, text: expect.stringContaining("<h1>HubSpot is connected</h1>") });
  const [connection] = await connectionsOf("consent-user");
  const url = await link("consent-user", { provider: "hubspot" });
  const again = await new EndUserBrowser().consent(url, "hubspot", "consent-user");
  expect(again.status).toBe(200);
  expect(await connectionsOf("consent-user")).toEqual([connection]);
});

test("a link is good for one browser", async () => {
  const url = await link("once-user");
  const browser = new EndUserBrowser();
  const first = await browser.open(url);
  expect(first.status).toBe(200);
  expect(pathOf((await browser.open(url)).url)).toBe(pathOf(first.url));
  const other = await new EndUserBrowser().open(url);
  expect(other).toMatchObject({ status: 410, text: expect.stringContaining("already been used") });
});

test("no link and no code of a consent stands in the logs", async () => {
  const url = await link("quiet-user");
  await new EndUserBrowser().consent(url, "salesforce", "quiet-user");
  const logs = server.logs.join("");
  expect(logs).not.toContain(new URL(url).searchParams.get("token"));
  expect(logs).not.toMatch(/[?&](code|state|token)=/);
});
