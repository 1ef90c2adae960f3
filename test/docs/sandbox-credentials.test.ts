import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { Ground, type TestServer } from "../support/test-server.js";

const page = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");

/** Provider name → the columns of its row in the table of credentials. */
const ROWS = new Map(
  [...page.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\| `(\{[^`]+\})` +\|$/gm)].map(([, name, way, credentials]) => [
    name!,
    { way: way!, credentials: credentials! },
  ]),
);

const isActive = [expect.objectContaining({ status: "ACTIVE" })];
const OTHERS = providers.all.filter(({ oauth }) => !oauth).map(({ slug }) => slug);

let ground: Ground;
let server: TestServer;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

async function link(endUserId: string, provider: string): Promise<string> {
  const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
    "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }",
    { variables: { input: { endUserId, provider } } },
  );
  return createConnectToken.url;
}

async function connectionsOf(endUserId: string) {
  return (await server.data<{ connections: object[] }>("{ connections { status } }", { endUserId })).connections;
}

/** Field name → the value that the form says to enter. */
function sampleValues(html: string): Record<string, string> {
  const found = [...html.matchAll(/id="field-(\w+)-sandbox">[^<]*<code[^>]*>([^<]+)<\/code>/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name!, value!]));
}

test("docs/sandbox.md lists all sandbox CRMs", () => {
  expect([...ROWS.keys()].sort()).toEqual(providers.all.map(({ name }) => name).sort());
});

describe.each(providers.all.map(({ slug, name }) => [slug, name] as const))("%s", (slug, name) => {
  test("docs/sandbox.md has the credential of the sandbox, and createConnection accepts it", async () => {
    const { credentials } = ROWS.get(name)!;
    expect(JSON.parse(credentials.replace(/(\w+):(?= ")/g, '"$1":'))).toEqual(ground.sandbox.demoCredential(slug));
    const endUserId = `typed-${slug}`;
    await server.data(`mutation { upsertEndUser(input: { endUserId: "${endUserId}" }) { id } }`);
    await server.data(
      `mutation { createConnection(input: { endUserId: "${endUserId}", provider: "${slug}", credentials: ${credentials} }) { id } }`,
    );
    expect(await connectionsOf(endUserId)).toEqual(isActive);
  });

  test("docs/sandbox.md says what the Connect pages ask for", () => {
    const { oauth } = providers.get(slug);
    expect(ROWS.get(name)!.way).toBe(!oauth ? "form" : oauth.question ? "question, then consent page" : "consent page");
  });
});

test.each(OTHERS)("%s: the values that the form shows connect the account", async (slug) => {
  const browser = new EndUserBrowser();
  const form = await browser.open(await link(`form-${slug}`, slug));
  const values = sampleValues(form.text);
  expect(values).toEqual(ground.sandbox.demoCredential(slug));
  await browser.submit(form, new URL(form.url).pathname, values);
  expect(await connectionsOf(`form-${slug}`)).toEqual(isActive);
});

test("a question before consent shows the value that leads on", async () => {
  const browser = new EndUserBrowser();
  const values = sampleValues((await browser.open(await link("asked", "dynamics365"))).text);
  expect(Object.keys(values)).toEqual(["environmentUrl"]);
  await new EndUserBrowser().consent(await link("asked", "dynamics365"), "dynamics365", "demo", values);
  expect(await connectionsOf("asked")).toEqual(isActive);
});
