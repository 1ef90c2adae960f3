import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { EndUserBrowser, type BrowserPage } from "../support/end-user-browser.js";
import { Ground, type AnsweredError, type TestServer } from "../support/test-server.js";

/** A connection that the sandbox has put into NEEDS_REAUTH, and its way back. */

const HOME = "https://app.example/settings?tab=crm";
const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const REVOKED = "ACCESS_REVOKED";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

async function link(endUserId: string, provider: string, redirectUrl?: string): Promise<string> {
  const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
    "mutation ($input: CreateConnectTokenInput!) { createConnectToken(input: $input) { url } }",
    { variables: { input: { endUserId, provider, ...(redirectUrl === undefined ? {} : { redirectUrl }) } } },
  );
  return createConnectToken.url;
}

/** Does on the Connect pages what an end user does there. */
async function connectBy(url: string, provider: string): Promise<BrowserPage> {
  const browser = new EndUserBrowser();
  const values = ground.sandbox.demoCredential(provider);
  const { oauth } = providers.get(provider);
  if (oauth?.question) return browser.consent(url, provider, "demo", values);
  if (oauth) return browser.consent(url, provider, "demo");
  const form = await browser.open(url);
  return browser.submit(form, new URL(form.url).pathname, values);
}

const ask = (endUserId: string, provider: string, headers: Record<string, string> = {}) =>
  server.query<{ contacts: { nodes: object[] } | null }>(CONTACTS, {
    endUserId,
    provider,
    headers: { "x-crmesh-trace": "calls", ...headers },
  });

async function connectionOf(endUserId: string) {
  const { connections } = await server.data<{ connections: { id: string; status: string }[] }>(
    "{ connections { id status } }",
    { endUserId },
  );
  return connections[0]!;
}

const codesOf = (errors: AnsweredError[] | undefined) => errors?.map(({ extensions }) => extensions.code);

const RENEWABLE = providers.all.filter(({ oauth }) => oauth?.refreshes !== false).map(({ slug }) => slug);

test("all CRMs but Attio can be rehearsed", () => {
  expect(providers.all.map(({ slug }) => slug).filter((slug) => !RENEWABLE.includes(slug))).toEqual(["attio"]);
});

test.each(RENEWABLE)(
  "%s: the access is revoked until the end user has reconnected, who then returns home",
  async (slug) => {
    const endUserId = `rehearses-${slug}`;
    await connectBy(await link(endUserId, slug, HOME), slug);
    const { id } = await connectionOf(endUserId);

    const revoked = await ask(endUserId, slug, { "x-sandbox-fault": `${slug}=${REVOKED}` });
    expect(codesOf(revoked.body.errors)).toEqual(["NEEDS_REAUTH"]);
    expect(await connectionOf(endUserId)).toEqual({ id, status: "NEEDS_REAUTH" });

    const later = await ask(endUserId, slug);
    expect(codesOf(later.body.errors)).toEqual(["NEEDS_REAUTH"]);
    expect(later.body.extensions!.calls).toEqual([]);

    const back = await connectBy(later.body.errors![0]!.extensions.reconnectUrl!, slug);
    expect(back.url).toBe(`${HOME}&status=connected&provider=${slug}&connectionId=${id}`);
    expect(await connectionOf(endUserId)).toEqual({ id, status: "ACTIVE" });
    const again = await ask(endUserId, slug);
    expect(again.body.errors).toBeUndefined();
    expect(again.body.data!.contacts!.nodes).toHaveLength(1);
  },
);

test("attio: the error has a reconnectUrl, and the connection stays as it is", async () => {
  await connectBy(await link("rehearses-attio", "attio"), "attio");
  const { body } = await ask("rehearses-attio", "attio", { "x-sandbox-fault": `attio=${REVOKED}` });
  expect(codesOf(body.errors)).toEqual(["PROVIDER_AUTH_FAILED"]);
  expect(body.errors![0]!.extensions.reconnectUrl).toMatch(/\/connect\?token=ct_/);
  expect(await connectionOf("rehearses-attio")).toMatchObject({ status: "ACTIVE" });
});

test("other faults leave the connection as it is", async () => {
  await connectBy(await link("forgets", "hubspot"), "hubspot");
  const { body } = await ask("forgets", "hubspot", { "x-sandbox-fault": "hubspot=NEEDS_REAUTH" });
  expect(codesOf(body.errors)).toEqual(["NEEDS_REAUTH"]);
  expect(await connectionOf("forgets")).toMatchObject({ status: "ACTIVE" });
});

test("a revoked access at one CRM, and of one end user, is that of no other", async () => {
  for (const endUserId of ["loses", "keeps"]) await connectBy(await link(endUserId, "hubspot"), "hubspot");
  await ground.connect("loses", "close");
  await ask("loses", "hubspot", { "x-sandbox-fault": `hubspot=${REVOKED}` });
  expect((await ask("loses", "close")).body.errors).toBeUndefined();
  expect((await ask("keeps", "hubspot")).body.errors).toBeUndefined();
});

describe("the way home", () => {
  async function reconnectUrlOf(endUserId: string): Promise<string> {
    await ask(endUserId, "odoo", { "x-sandbox-fault": `odoo=${REVOKED}` });
    return (await ask(endUserId, "odoo")).body.errors![0]!.extensions.reconnectUrl!;
  }

  test("of an end user who cancels is the same", async () => {
    await connectBy(await link("cancels", "odoo", HOME), "odoo");
    const browser = new EndUserBrowser();
    const page = await browser.open(await reconnectUrlOf("cancels"));
    const cancel = /href="([^"]+\/cancel)"/.exec(page.text)![1]!;
    expect((await browser.open(new URL(cancel, page.url).href)).url).toBe(`${HOME}&status=cancelled`);
  });

  test("is that of the latest link with a redirect URL", async () => {
    await connectBy(await link("moves", "odoo", HOME), "odoo");
    await connectBy(await link("moves", "odoo", "https://new.example/"), "odoo");
    await connectBy(await link("moves", "odoo"), "odoo");
    const { id } = await connectionOf("moves");
    const back = await connectBy(await reconnectUrlOf("moves"), "odoo");
    expect(back.url).toBe(`https://new.example/?status=connected&provider=odoo&connectionId=${id}`);
  });

  test("is not known of a connection that no link with a redirect URL made", async () => {
    await ground.connect("bare", "odoo");
    const page = await connectBy(await reconnectUrlOf("bare"), "odoo");
    expect(page.text).toContain("You can close this window.");
  });
});

test("the commands of docs/sandbox.md do what the page says", async () => {
  const page = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");
  const [revoke, repeat] = [...page.matchAll(/```sh\n(curl .*?)```/gs)].map(([, command]) => command!);
  const run = async (command: string) => {
    const headers = Object.fromEntries(
      [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name!, value!]),
    );
    const { text } = await server.fetch("/graphql", {
      method: "POST",
      headers,
      body: /-d '([^']+)'/.exec(command)![1]!,
    });
    return JSON.parse(text) as { data: object | null; errors?: AnsweredError[] };
  };
  expect((await run(repeat!)).errors).toBeUndefined();
  expect(codesOf((await run(revoke!)).errors)).toEqual(["NEEDS_REAUTH"]);
  const { errors } = await run(repeat!);
  expect(codesOf(errors)).toEqual(["NEEDS_REAUTH"]);
  await connectBy(errors![0]!.extensions.reconnectUrl!, "hubspot");
  expect((await run(repeat!)).errors).toBeUndefined();
});
