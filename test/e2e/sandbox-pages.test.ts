import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { EndUserBrowser } from "../support/end-user-browser.js";
import { FailingProxy } from "../support/failing-proxy.js";
import { Ground, type TestServer } from "../support/test-server.js";

/** The consent pages of the sandbox CRMs on crmesh's own origin. */

const OAUTH = providers.all.flatMap(({ slug, oauth }) =>
  oauth ? [[slug, new URL(oauth.servers[0].authorizationEndpoint).pathname] as const] : [],
);
const HUBSPOT = "/sandbox/hubspot/oauth/authorize";

let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(() => ground.close());

function authorizationPath(path: string, slug: string, changes: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: ground.sandbox.oauthClient.id,
    redirect_uri: `${server.crmesh.origin}/connect/callback/${slug}`,
    scope: slug === "dynamics365" ? "offline_access" : "",
    state: "s-1",
    ...changes,
  });
  if (parameters.get("scope") === "") parameters.set("scope", providers.get(slug).oauth!.scopes.join(" "));
  return `${path}?${parameters}`;
}

const open = (path: string, init: RequestInit = {}) => server.fetch(path, { redirect: "manual", ...init });

test("where only the public address reaches crmesh, an end user connects through it alone", async () => {
  let inside = "";
  const forwarded = await FailingProxy.open(() => inside);
  try {
    const behind = await ground.serve({ config: { publicUrl: forwarded.origin } });
    inside = behind.crmesh.origin;
    const { createConnectToken } = await behind.data<{ createConnectToken: { url: string } }>(
      'mutation { createConnectToken(input: { endUserId: "forwarded", provider: "salesforce" }) { url } }',
    );
    const browser = new EndUserBrowser();
    const done = await browser.consent(createConnectToken.url, "salesforce", "forwarded");
    expect(done.text).toContain("Salesforce is connected");
    expect([...browser.origins]).toEqual([forwarded.origin]);
  } finally {
    await forwarded.close();
  }
});

describe.each(OAUTH)("%s", (slug, path) => {
  const page = `/sandbox/${slug}${path}`;

  test("its page has the headers of a page that nobody may frame or keep", async () => {
    const { status, headers, text } = await open(authorizationPath(page, slug));
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(text).not.toMatch(/<script|src=|https?:\/\/(?!127\.0\.0\.1)/);
  });

  test.each<[string, (origin: string) => string]>([
    ["another site", () => "https://evil.example/"],
    ["another port of this machine", () => "http://127.0.0.1:1/connect/callback/hubspot"],
    ["the callback of another CRM", (origin) => `${origin}/connect/callback/odoo`],
    ["a longer path", (origin) => `${origin}/connect/callback/${slug}/more`],
    ["a query", (origin) => `${origin}/connect/callback/${slug}?next=https://evil.example`],
    ["another page of crmesh", (origin) => `${origin}/graphql`],
    ["a user name", (origin) => `${origin.replace("//", "//evil.example@")}/connect/callback/${slug}`],
    ["a script", () => "javascript:alert(1)"],
    ["no address", () => ""],
  ])("its page sends nobody to %s, not even with an error", async (_name, target) => {
    const redirectUri = target(server.crmesh.origin);
    for (const changes of [{}, { response_type: "token" }, { scope: "nonsense" }]) {
      const path = authorizationPath(page, slug, { ...changes, redirect_uri: redirectUri });
      const { status, headers, text } = await open(path);
      expect([status, headers.get("location")]).toEqual([400, null]);
      expect(text).not.toMatch(/<form|<script/);
    }
  });
});

describe("the rest of a sandbox CRM", () => {
  test.each([
    ["POST", "/sandbox/hubspot/oauth/v1/token"],
    ["POST", "/sandbox/hubspot/oauth/v1/token/revoke"],
    ["GET", "/sandbox/hubspot/crm/v3/objects/contacts"],
    ["POST", "/sandbox/odoo/jsonrpc"],
    ["GET", "/sandbox/hubspot"],
    ["GET", "/sandbox"],
    ["GET", "/sandbox/nosuch/oauth/authorize"],
  ])("is not on crmesh’s origin: %s %s", async (method, path) => {
    expect((await open(path, { method })).status).toBe(404);
  });

  test("nor is anything of it if the sandbox is off", async () => {
    const real = await ground.serve({ config: { sandbox: false } });
    for (const [slug, path] of OAUTH) {
      expect((await real.fetch(authorizationPath(`/sandbox/${slug}${path}`, slug))).status).toBe(404);
    }
  });
});

describe("a form that is none of the page’s", () => {
  const FORM = { "content-type": "application/x-www-form-urlencoded" };
  test.each<[string, RequestInit, number]>([
    ["without a page", { headers: FORM, body: "decision=allow&account=demo" }, 400],
    ["with a guessed page", { headers: FORM, body: "consent=guess&decision=allow&account=demo" }, 400],
    ["of another type", { headers: { "content-type": "application/json" }, body: "{}" }, 415],
    ["that is too large", { headers: FORM, body: "x".repeat(65 * 1024) }, 413],
  ])("%s leads nowhere", async (_name, init, expected) => {
    const { status, headers, text } = await open(HUBSPOT, { method: "POST", ...init });
    expect([status, headers.get("location"), headers.get("x-frame-options")]).toEqual([expected, null, "DENY"]);
    expect(text).toContain("HubSpot could not connect crmesh");
  });
});

test("codes do not stand in the log", async () => {
  const { createConnectToken } = await server.data<{ createConnectToken: { url: string } }>(
    'mutation { createConnectToken(input: { endUserId: "quiet", provider: "hubspot" }) { url } }',
  );
  await new EndUserBrowser().consent(createConnectToken.url, "hubspot", "quiet");
  const lines = server.logs.filter((line) => line.includes("/sandbox/hubspot"));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join("")).not.toMatch(/redirect_uri|state=|code=/);
});
