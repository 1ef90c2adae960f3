import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CrmError } from "../../src/errors/crm-error.js";
import { serverOrigin } from "../../src/providers/kit/credential-kit.js";
import { providers } from "../../src/providers/index.js";
import { APP, PUBLIC_URL, Stage } from "./stage.js";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.app.close());

const MINUTE_MS = 60_000;

describe("a link", () => {
  test("leads to a session whose address holds no token, in a cookie of that path alone", async () => {
    const response = await stage.get("/connect?token=ct_1");
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toMatch(/^\/connect\/[A-Za-z0-9_-]{22}$/);
    expect(response.cookies).toMatchObject([
      {
        name: "__Secure-crmesh_connect",
        path: response.headers.location,
        httpOnly: true,
        secure: true,
        sameSite: "Lax",
        maxAge: 1800,
      },
    ]);
    expect(JSON.stringify(response.headers)).not.toContain("ct_1");
  });

  test("works once: elsewhere it is used up, in the same browser it goes on", async () => {
    const home = await stage.enter("ct_1");
    const again = await stage.get("/connect?token=ct_1");
    expect(again.headers.location).toMatch(new RegExp(`^${home}\\?`));
    expect(await stage.get(again.headers.location!)).toMatchObject({ statusCode: 200 });

    stage.forgetCookies();
    const elsewhere = await stage.get(again.headers.location!);
    expect(elsewhere.statusCode).toBe(410);
    expect(elsewhere.body).toContain("<h1>This link has already been used</h1>");
  });

  test("that expired or is none says so", async () => {
    stage.connect.expired.add("ct_old");
    const { headers } = await stage.get(`/connect?token=ct_old&origin=${APP}`);
    const expired = await stage.get(headers.location!);
    expect(expired).toMatchObject({ statusCode: 410, body: expect.stringContaining("<h1>This link has expired</h1>") });
    expect(reportOf(expired.body)).toEqual({
      opener: APP,
      message: { source: "crmesh", type: "error", code: "TOKEN_EXPIRED", message: "This link has expired" },
    });
    for (const url of ["/connect?token=nonsense", "/connect", "/connect?token=a&token=b"]) {
      const invalid = await stage.get(url);
      expect(invalid).toMatchObject({ statusCode: 404, body: expect.stringContaining("This link does not work") });
    }
  });

  test("is not used up by those who only look", async () => {
    expect((await stage.send({ method: "HEAD", url: "/connect?token=ct_1" })).statusCode).toBe(200);
    expect((await stage.get("/connect?token=ct_1", { "sec-purpose": "prefetch" })).statusCode).toBe(503);
    expect(stage.connect.spent.size).toBe(0);
  });

  test.each(["null", "javascript:alert(1)", "https://app.example/path", "app.example", ""])(
    "opened by %j is a mistake of the app, and stays good",
    async (origin) => {
      const response = await stage.get(`/connect?token=ct_1&origin=${encodeURIComponent(origin)}`);
      expect(response.statusCode).toBe(400);
      expect(stage.connect.spent.size).toBe(0);
    },
  );

  test("with a redirect URL may only be opened from there, and another opener does not use it up", async () => {
    stage.connect.grant = { ...stage.connect.grant, redirectUrl: `${APP}/settings` };
    expect((await stage.get("/connect?token=ct_1&origin=https://evil.example")).statusCode).toBe(400);
    expect((await stage.get(`/connect?token=ct_1&origin=${APP}`)).statusCode).toBe(303);
  });

  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  test.each<[what: string, headers: Record<string, string>]>([
    ["a prefetch", { "sec-purpose": "prefetch;prerender", "user-agent": chrome }],
    ["an older prefetch", { purpose: "prefetch" }],
    ["Firefox's prefetch", { "x-moz": "prefetch" }],
    ["Safari's preview", { "x-purpose": "preview" }],
    ["Slack", { "user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)" }],
    ["Teams", { "user-agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5" }],
    ["WhatsApp", { "user-agent": "WhatsApp/2.23.20.0" }],
    ["Facebook", { "user-agent": "facebookexternalhit/1.1" }],
    ["Discord", { "user-agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)" }],
    ["an image", { "sec-fetch-dest": "image", "user-agent": chrome }],
    ["a script's fetch", { "sec-fetch-dest": "empty", "user-agent": chrome }],
    ["a frame", { "sec-fetch-dest": "iframe", "user-agent": chrome }],
  ])("is not used up by %s", async (_what, headers) => {
    expect((await stage.get("/connect?token=ct_1", headers)).statusCode).toBe(503);
    expect((await stage.get("/connect?token=ct_1")).statusCode).toBe(303);
  });

  test.each([
    { "user-agent": chrome, "sec-fetch-dest": "document" },
    { "user-agent": chrome },
    { "user-agent": "Mozilla/5.0 (Linux; Android 8.1.0; CUBOT NOTE Plus) AppleWebKit/537.36" },
  ])("is opened by a browser with %j", async (headers) => {
    expect((await stage.get("/connect?token=ct_1", headers)).statusCode).toBe(303);
  });

  test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const)("is not used up by %s", async (method) => {
    expect((await stage.send({ method, url: "/connect?token=ct_1" })).statusCode).toBe(404);
    expect((await stage.get("/connect?token=ct_1")).statusCode).toBe(303);
  });

  test("is not used up while its end user cannot be read", async () => {
    let reads = 0;
    stage.connect.describe = async () => {
      reads += 1;
      if (reads === 1) throw new CrmError("SERVICE_UNAVAILABLE");
      return { workspaceName: "Meetwell", endUserName: "Acme GmbH" };
    };
    expect((await stage.get("/connect?token=ct_1")).statusCode).toBe(503);
    expect((await stage.get("/connect?token=ct_1")).statusCode).toBe(303);
  });

  test("that only reconnects is not used up where its connection has ended", async () => {
    stage.connect.grant = { ...stage.connect.grant, provider: "hubspot", connectionId: "con_1" };
    expect((await stage.get("/connect?token=ct_1")).statusCode).toBe(410);
    expect(stage.connect.spent.size).toBe(0);
  });

  test("opens its session again in the same browser after everything that was refused there", async () => {
    const home = await stage.enter("ct_1");
    const form = `${home}/odoo`;
    stage.connect.failure = new CrmError("PROVIDER_AUTH_FAILED");
    expect((await stage.post(form, { apiKey: "wrong" })).statusCode).toBeGreaterThanOrEqual(400);
    stage.connect.failure = new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: 60 });
    expect((await stage.post(form, { apiKey: "right" })).statusCode).toBeGreaterThanOrEqual(400);
    expect((await stage.post(form, { apiKey: "right" }, "https://evil.example")).statusCode).toBe(403);
    expect((await stage.post(`${home}/nosuch`, { apiKey: "right" })).statusCode).toBe(404);
    for (let count = 0; count < 30; count += 1) await stage.post(`${home}/nosuch`);
    expect((await stage.post(form, { apiKey: "right" })).statusCode).toBe(429);
    const again = await stage.get("/connect?token=ct_1");
    expect((await stage.get(again.headers.location!)).statusCode).toBe(200);
  });
});

test("under maintenance a page says so, and no link is used up", async () => {
  const closed = await Stage.open({ maintenance: true });
  const response = await closed.get("/connect?token=ct_1");
  expect(response.statusCode).toBe(503);
  expect(response.headers["retry-after"]).toBe("60");
  expect(response.body).toContain("<h1>We are not available right now</h1>");
  expect(response.cookies).toEqual([]);
  await closed.app.close();
});

describe("a session", () => {
  test("ends after half an hour", async () => {
    const home = await stage.enter();
    stage.time += 29 * MINUTE_MS;
    expect((await stage.get(home)).statusCode).toBe(200);
    stage.time += 2 * MINUTE_MS;
    const over = await stage.get(home);
    expect(over).toMatchObject({ statusCode: 410, body: expect.stringContaining("This page has expired") });
  });

  test("opens no other one: two tabs never mix", async () => {
    const first = await stage.enter("ct_1");
    const second = await stage.enter("ct_2");
    const stolen = stage.cookies.find(({ path }) => path === first)!;
    const response = await stage.app.inject({ url: second, cookies: { [stolen.name]: stolen.value } });
    expect(response.statusCode).toBe(410);
  });

  test("made by another key is none; an older key still opens", async () => {
    const home = await stage.enter();
    const [cookie] = stage.cookies;
    const cookies = { [cookie!.name]: cookie!.value };
    const fresh = new Uint8Array(32).fill(9);
    const rotated = await Stage.open({ keys: [fresh, new Uint8Array(32).fill(7)] });
    const foreign = await Stage.open({ keys: [fresh] });
    expect((await rotated.app.inject({ url: home, cookies })).statusCode).toBe(200);
    expect((await foreign.app.inject({ url: home, cookies })).statusCode).toBe(410);
    await Promise.all([rotated.app.close(), foreign.app.close()]);
  });
});

describe("the choice", () => {
  test("shows every CRM with its state", async () => {
    stage.connect.hold("hubspot", { accountName: "acme.hubspot.com" });
    stage.connect.hold("salesforce", { status: "NEEDS_REAUTH" });
    const { body } = await stage.get(await stage.enter());
    const text = textOf(body);
    expect(text).toMatch(/Test mode: sandbox CRMs, no real data/);
    expect(text).toMatch(/Meetwell asks for access to your CRM/);
    expect(text).toMatch(/HubSpot Connected to acme\.hubspot\.com Reconnect HubSpot Disconnect HubSpot/);
    expect(text).toMatch(/Salesforce You need to reconnect Reconnect Salesforce/);
    expect(text).toMatch(/Odoo Not connected Connect Odoo/);
  });

  test("is left out where one CRM is asked for, and others are not to be had", async () => {
    stage.connect.grant = { ...stage.connect.grant, provider: "hubspot", environment: "live" };
    const home = await stage.enter();
    const response = await stage.get(home);
    expect(response).toMatchObject({ statusCode: 303, headers: { location: `${home}/hubspot` } });
    expect((await stage.get(`${home}/odoo`)).statusCode).toBe(404);
    expect((await stage.get(`${home}/hubspot`)).body).not.toContain("Test mode");
  });

  test("escapes names", async () => {
    stage.connect.hold("odoo", { accountName: '<img src=x onerror="1">' });
    expect((await stage.get(await stage.enter())).body).not.toContain("<img");
  });
});

describe("consent", () => {
  test("goes to the CRM and comes back to the done page", async () => {
    const home = await stage.enter("ct_1", APP);
    const out = await stage.get(`${home}/hubspot/authorize?server=production`);
    expect(out.headers.location).toBe("https://crm.example/authorize?state=state-of-hubspot");
    expect(out.cookies).toMatchObject([{ path: "/connect/callback", httpOnly: true, sameSite: "Lax", maxAge: 600 }]);

    const back = await stage.get("/connect/callback/hubspot?code=c&state=state-of-hubspot");
    expect(back).toMatchObject({ statusCode: 303, headers: { location: `${home}/done/hubspot` } });
    expect(stage.cookies.map(({ path }) => path)).toEqual([home]);

    const done = await stage.get(back.headers.location!);
    expect(done.body).toContain("<h1>HubSpot is connected</h1>");
    expect(reportOf(done.body)).toEqual({
      opener: APP,
      message: { source: "crmesh", type: "success", provider: "hubspot", connectionId: "conn_hubspot" },
    });
  });

  test.each([
    ["another browser", async () => stage.forgetCookies(), "hubspot?code=c&state=state-of-hubspot"],
    ["another state", async () => undefined, "hubspot?code=c&state=other"],
    ["no state", async () => undefined, "hubspot?code=c"],
    ["another CRM", async () => undefined, "salesforce?code=c&state=state-of-hubspot"],
    ["too late", async () => void (stage.time += 11 * MINUTE_MS), "hubspot?code=c&state=state-of-hubspot"],
  ])("from %s is not taken", async (_who, change, callback) => {
    const home = await stage.enter();
    await stage.get(`${home}/hubspot/authorize`);
    await change();
    const response = await stage.get(`/connect/callback/${callback}`);
    expect(response.statusCode).toBe(400);
    expect(stage.connect.held).toEqual([]);
  });

  test("works once", async () => {
    const home = await stage.enter();
    await stage.get(`${home}/hubspot/authorize`);
    await stage.get("/connect/callback/hubspot?code=c&state=state-of-hubspot");
    expect((await stage.get("/connect/callback/hubspot?code=c&state=state-of-hubspot")).statusCode).toBe(400);
  });

  test("that the CRM fails leads back with its words, sealed", async () => {
    const home = await stage.enter();
    await stage.get(`${home}/hubspot/authorize`);
    stage.connect.failure = new CrmError("PROVIDER_UNAVAILABLE", { detail: "The token endpoint answered 503." });
    const back = await stage.get("/connect/callback/hubspot?code=c&state=state-of-hubspot");
    const page = await stage.get(back.headers.location!);
    expect(textOf(page.body)).toMatch(/HubSpot cannot be reached .* The token endpoint answered 503\./);
    expect((await stage.get(`${home}/hubspot?notice=forged`)).body).not.toContain("cannot be reached");
  });

  test("is nowhere else to be begun than where it is offered", async () => {
    const home = await stage.enter();
    stage.connect.failure = new CrmError("INVALID_INPUT", {
      errors: { provider: "Odoo does not use OAuth. Connect it with its credentials." },
    });
    const response = await stage.get(`${home}/odoo/authorize`);
    expect(textOf((await stage.get(response.headers.location!)).body)).toContain(
      "Odoo does not use OAuth. Connect it with its credentials.",
    );
  });
});

describe("a CRM that must know something before consent", () => {
  const FIELD = { name: "environmentUrl", label: "Environment URL", secret: false, required: true };
  beforeEach(() => {
    const hubspot = providers.get("hubspot");
    const question = {
      field: FIELD,
      read: (answer: string) => serverOrigin({ environmentUrl: answer }, "environmentUrl", "https://acme.example"),
      scopes: (answer: string) => [`${answer}/user`],
    };
    stage.connect.offered = [{ ...hubspot, oauth: { ...hubspot.oauth!, question } }];
  });

  test("asks for it, says what is wrong with it, and leads on by a link with the answer as it is kept", async () => {
    const home = await stage.enter();
    const asked = await stage.get(`${home}/hubspot`);
    expect(asked.body).toMatch(/<input [^>]*name="environmentUrl"/);
    expect(asked.body).not.toContain("/authorize");
    for (const [answer, problem] of [
      ["", "Fill this in."],
      ["acme", "Give the web address of a server"],
    ]) {
      const wrong = await stage.post(`${home}/hubspot`, { environmentUrl: answer! });
      expect(wrong.statusCode).toBe(422);
      expect(wrong.body).toContain(`<a href="#field-environmentUrl">Environment URL: ${problem}`);
    }
    const right = await stage.post(`${home}/hubspot`, { environmentUrl: " https://acme.example/main.aspx?x=1 " });
    expect(right.statusCode).toBe(200);
    const link = /href="([^"]*authorize[^"]*)"/.exec(right.body)![1]!.replaceAll("&amp;", "&");
    expect(new URL(link, PUBLIC_URL).searchParams.get("answer")).toBe("https://acme.example");
    expect((await stage.get(link)).headers.location).toMatch(/^https:\/\/crm\.example\/authorize/);
    expect(stage.connect.submitted).toEqual([]);
  });
});

describe("a CRM whose customers may sign in at a server of their own", () => {
  test("offers its own servers, and a form for the customer's, which leads on by a link to that server", async () => {
    const home = await stage.enter();
    const page = await stage.get(`${home}/salesforce`);
    const links = [...page.body.matchAll(/href="([^"]*authorize[^"]*)"/g)].map(([, link]) =>
      new URL(link!.replaceAll("&amp;", "&"), PUBLIC_URL).searchParams.get("server"),
    );
    expect(links).toEqual(["production", "sandbox"]);
    for (const [address, problem] of [
      ["", "Fill this in."],
      ["https://evil.example/.my.salesforce.com", "Give the address of your org’s My Domain"],
    ]) {
      const wrong = await stage.post(`${home}/salesforce`, { myDomain: address! });
      expect(wrong.statusCode).toBe(422);
      expect(wrong.body).toContain(`<a href="#field-myDomain">My Domain: ${problem}`);
    }
    const right = await stage.post(`${home}/salesforce`, {
      myDomain: " https://acme--uat.sandbox.my.salesforce.com/login ",
    });
    expect(right.statusCode).toBe(200);
    expect(textOf(right.body)).toContain("Continue to Salesforce (acme--uat.sandbox.my.salesforce.com)");
    const link = /href="([^"]*authorize[^"]*)"/.exec(right.body)![1]!.replaceAll("&amp;", "&");
    const { searchParams } = new URL(link, PUBLIC_URL);
    expect([searchParams.get("server"), searchParams.get("answer")]).toEqual([
      "acme--uat.sandbox.my.salesforce.com",
      null,
    ]);
    expect(stage.connect.submitted).toEqual([]);
  });
});

describe("a credential form", () => {
  const ODOO = { url: "https://acme.odoo.com", database: "acme", login: "api@acme.example", apiKey: "s3cret" };

  test("connects", async () => {
    const home = await stage.enter();
    const response = await stage.post(`${home}/odoo`, { ...ODOO, other: "x" });
    expect(response).toMatchObject({ statusCode: 303, headers: { location: `${home}/done/odoo` } });
    expect(stage.connect.submitted).toEqual([ODOO]);
  });

  test("that is refused comes back with the CRM's reason, and without the secret", async () => {
    const home = await stage.enter();
    stage.connect.failure = new CrmError("PROVIDER_AUTH_FAILED", { detail: "Odoo refuses this login." });
    const response = await stage.post(`${home}/odoo`, ODOO);
    expect(response.statusCode).toBe(422);
    expect(response.body).toMatch(/<title>Problem: /);
    expect(textOf(response.body)).toMatch(/Odoo did not accept this .* Odoo refuses this login\./);
    expect(response.body).toContain('value="https://acme.odoo.com"');
    expect(response.body + stage.logs.join("")).not.toContain("s3cret");
  });

  test("names each field that is wrong, at its head and at the field", async () => {
    const home = await stage.enter();
    const errors = { "input.credentials.url": "This is no address.", "input.credentials.apiKey": "Odoo needs it." };
    stage.connect.failure = new CrmError("MISSING_REQUIRED", { errors });
    const { body, statusCode } = await stage.post(`${home}/odoo`, ODOO);
    expect(statusCode).toBe(422);
    expect(body).toMatch(/role="alert" tabindex="-1" autofocus/);
    expect(body).toContain('<a href="#field-apiKey">API key: Fill this in.</a>');
    expect(body).toMatch(
      /<input (?=[^>]*id="field-apiKey")(?=[^>]*aria-invalid="true")[^>]*aria-describedby="field-apiKey-hint field-apiKey-problem"/,
    );
  });

  test("whose CRM asks to wait says how long", async () => {
    const home = await stage.enter();
    stage.connect.failure = new CrmError("PROVIDER_RATE_LIMITED", { retryAfter: 8.2 });
    const response = await stage.post(`${home}/odoo`, ODOO);
    expect(response).toMatchObject({ statusCode: 429, headers: { "retry-after": "9" } });
    expect(response.body).toContain("Try again in 9 seconds.");
  });

  test.each([["https://evil.example"], ["null"], [null]])("sent from %j changes nothing", async (origin) => {
    const home = await stage.enter();
    stage.connect.hold("odoo");
    expect((await stage.post(`${home}/odoo`, ODOO, origin)).statusCode).toBe(403);
    expect((await stage.post(`${home}/odoo/disconnect`, {}, origin)).statusCode).toBe(403);
    expect(stage.connect.submitted).toEqual([]);
    expect(stage.connect.held).toHaveLength(1);
  });

  test("is taken thirty times a minute", async () => {
    const home = await stage.enter();
    for (let sent = 0; sent < 30; sent++) expect((await stage.post(`${home}/odoo`, ODOO)).statusCode).toBe(303);
    const response = await stage.post(`${home}/odoo`, ODOO);
    expect(response.statusCode).toBe(429);
    expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
    const other = await stage.enter("ct_2");
    expect((await stage.post(`${other}/odoo`, ODOO)).statusCode).toBe(303);
  });

  test("that is no form, or too large a one, is a page too", async () => {
    const home = await stage.enter();
    const headers = { origin: PUBLIC_URL, "content-type": "text/csv" };
    const send = (payload: string, type = "text/csv") =>
      stage.send({ method: "POST", url: `${home}/odoo`, headers: { ...headers, "content-type": type }, payload });
    for (const response of [await send("a"), await send("a".repeat(70_000), "application/x-www-form-urlencoded")]) {
      expect(response.statusCode).toBeGreaterThanOrEqual(413);
      expect(response.body).toContain("<h1>This form could not be read</h1>");
    }
  });

  test("is the only type that is read, whatever the graph takes", async () => {
    const home = await stage.enter();
    for (const type of ["application/json", "text/plain"]) {
      const headers = { origin: PUBLIC_URL, "content-type": type };
      const response = await stage.send({ method: "POST", url: `${home}/odoo`, headers, payload: "{}" });
      expect(response.statusCode).toBe(415);
      expect(response.body).toContain("<h1>This form could not be read</h1>");
    }
    expect(stage.connect.submitted).toEqual([]);
  });
});

describe("the values of the sandbox", () => {
  const VALUES = { url: "https://odoo.example", apiKey: "odoo-sandbox-demo" };
  beforeEach(() => {
    stage.connect.sandboxCredentials = { odoo: VALUES };
  });

  test("stand beside the fields of a test connection, and describe them", async () => {
    const home = await stage.enter();
    const { body } = await stage.get(`${home}/odoo`);
    expect(textOf(body)).toContain("In test mode, enter odoo-sandbox-demo");
    expect(body).toMatch(
      /<input [^>]*name="apiKey" value [^>]*aria-describedby="field-apiKey-hint field-apiKey-sandbox"/,
    );
    expect(textOf(body).match(/In test mode, enter/g)).toHaveLength(2);
  });

  test("do not stand on the form of a live connection", async () => {
    stage.connect.grant = { ...stage.connect.grant, environment: "live" };
    const home = await stage.enter();
    const { body } = await stage.get(`${home}/odoo`);
    expect(body).toMatch(/<input [^>]*name="apiKey"/);
    expect(body).not.toMatch(/test mode|odoo-sandbox-demo/i);
  });

  test("of a consent page are no password", async () => {
    const home = await stage.enter();
    expect(textOf((await stage.get(`${home}/hubspot`)).body)).toContain("no password");
    stage.connect.grant = { ...stage.connect.grant, environment: "live" };
    const live = await stage.enter("ct_2");
    expect(textOf((await stage.get(`${live}/hubspot`)).body)).toContain("Your password stays between you and HubSpot.");
  });
});

describe("disconnecting", () => {
  test("asks, does it and says so", async () => {
    const home = await stage.enter();
    stage.connect.hold("odoo");
    expect((await stage.get(`${home}/odoo/disconnect`)).body).toContain("<h1>Disconnect Odoo?</h1>");
    expect(stage.connect.held).toHaveLength(1);
    const response = await stage.post(`${home}/odoo/disconnect`);
    expect(stage.connect.held).toEqual([]);
    expect((await stage.get(response.headers.location!)).body).toContain("Odoo is disconnected");
  });
});

describe("the end", () => {
  test("without a window leads back to the app, whose own query stays", async () => {
    stage.connect.grant = { ...stage.connect.grant, redirectUrl: `${APP}/settings?tab=crm%20x` };
    const home = await stage.enter();
    stage.connect.hold("odoo");
    expect((await stage.get(`${home}/done/odoo`)).headers.location).toBe(
      `${APP}/settings?tab=crm%20x&status=connected&provider=odoo&connectionId=conn_odoo`,
    );
    expect((await stage.get(`${home}/cancel`)).headers.location).toBe(`${APP}/settings?tab=crm%20x&status=cancelled`);
    const { headers } = await stage.get(`${home}/odoo`);
    expect(headers["content-security-policy"]).toContain(`form-action 'self' ${APP};`);
  });

  test("in a window tells the one page that opened it, redirect URL or not", async () => {
    stage.connect.grant = { ...stage.connect.grant, redirectUrl: `${APP}/settings` };
    const home = await stage.enter("ct_1", APP);
    const { body, statusCode } = await stage.get(`${home}/cancel`);
    expect(statusCode).toBe(200);
    expect(reportOf(body)).toEqual({ opener: APP, message: { source: "crmesh", type: "exit" } });
  });

  describe("of a link that only reconnects", () => {
    const reconnect = (grant: Partial<typeof stage.connect.grant> = {}) => {
      stage.connect.grant = { ...stage.connect.grant, provider: "odoo", connectionId: "conn_odoo", ...grant };
      stage.connect.hold("odoo", { redirectUrl: `${APP}/settings` });
    };

    test("leads back to the app that made the connection", async () => {
      reconnect();
      const home = await stage.enter();
      expect((await stage.get(`${home}/done/odoo`)).headers.location).toMatch(
        `${APP}/settings?status=connected&provider=odoo&connectionId=conn_odoo`,
      );
      expect((await stage.get(`${home}/cancel`)).headers.location).toBe(`${APP}/settings?status=cancelled`);
      const { headers } = await stage.get(`${home}/odoo`);
      expect(headers["content-security-policy"]).toContain(`form-action 'self' ${APP};`);
    });

    test("leads to its own redirect URL if it has one, and tells a window that another origin opened", async () => {
      reconnect({ redirectUrl: "https://other.example/" });
      expect((await stage.get(`${await stage.enter()}/cancel`)).headers.location).toBe(
        "https://other.example/?status=cancelled",
      );
      reconnect({ redirectUrl: null });
      const { body } = await stage.get(`${await stage.enter("ct_2", "https://moved.example")}/cancel`);
      expect(reportOf(body)).toMatchObject({ opener: "https://moved.example" });
    });

    test("is not where a link goes that may do more", async () => {
      stage.connect.hold("odoo", { redirectUrl: `${APP}/settings` });
      expect((await stage.get(`${await stage.enter()}/cancel`)).statusCode).toBe(200);
    });
  });

  test("is not there before the connection is", async () => {
    const home = await stage.enter();
    stage.connect.hold("odoo", { status: "NEEDS_REAUTH" });
    expect((await stage.get(`${home}/done/odoo`)).headers.location).toBe(`${home}/odoo`);
  });
});

describe("every page", () => {
  test("has the headers that keep it to itself", async () => {
    const home = await stage.enter();
    const pages = [await stage.get(home), await stage.get("/connect/nothing/at/all"), await stage.get("/connect")];
    for (const { headers } of pages) {
      expect(headers).toMatchObject({
        "content-security-policy":
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "unsafe-none",
        "strict-transport-security": "max-age=31536000",
      });
    }
  });

  test("loads nothing from elsewhere, and what it loads may be kept", async () => {
    const { body } = await stage.get(await stage.enter());
    const loaded = [...body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, address]) => address!);
    expect(loaded.every((address) => address.startsWith("/connect/"))).toBe(true);
    const assets = loaded.filter((address) => address.startsWith("/connect/assets/"));
    expect(assets.length).toBeGreaterThanOrEqual(2);
    for (const address of assets) {
      const { statusCode, headers } = await stage.get(address);
      expect({ statusCode, ...headers }).toMatchObject({
        statusCode: 200,
        "cache-control": "public, max-age=31536000, immutable",
      });
    }
  });

  test("masks a bug, and names the request", async () => {
    const home = await stage.enter();
    stage.connect.failure = new TypeError("secret inside");
    const { statusCode, body } = await stage.post(`${home}/odoo`, { url: "https://a.example" });
    expect(statusCode).toBe(500);
    expect(body).toContain("<h1>Something went wrong</h1>");
    expect(body).toMatch(/<code>req-/);
    expect(body).not.toContain("secret inside");
    expect(stage.logs.join("")).toContain("secret inside");
  });

  test("over plain http has a plain cookie", async () => {
    const local = await Stage.open({ publicUrl: "http://127.0.0.1:4000" });
    const { cookies, headers } = await local.get("/connect?token=ct_1");
    expect(cookies).toMatchObject([{ name: "crmesh_connect" }]);
    expect(cookies[0]!.secure).toBeUndefined();
    expect(headers["strict-transport-security"]).toBeUndefined();
    await local.app.close();
  });
});

/** What a page is to tell the page that opened it. */
function reportOf(body: string): { opener: string; message: unknown } | null {
  const found = /data-report="([^"]*)" data-opener="([^"]*)"/.exec(body);
  return found && { opener: found[2]!, message: JSON.parse(found[1]!.replaceAll("&quot;", '"')) };
}

function textOf(body: string): string {
  return body.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}
