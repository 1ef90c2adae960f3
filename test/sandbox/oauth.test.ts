import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SandboxServer, SandboxServerOptions } from "../../src/sandbox/kit/server.js";
import { startSandboxServer } from "../../src/sandbox/kit/server.js";
import { locationOf, openPage, submit, textOf } from "./browser.js";
import { APPS, challengeOf, CLIENT, postForm, REDIRECT_URI, refusalOf, type Tokens, VERIFIER } from "./oauth-apps.js";

/** The common behaviour of the imitated authorization servers: OAuth as in RFC 6749, 7636 and 9700. */

const START = Date.UTC(2026, 5, 1, 12);
let now = START;

describe.each(APPS)("%s", (_slug, app) => {
  const servers: SandboxServer[] = [];
  let origin: string;
  let rotating: string;

  async function start(options: SandboxServerOptions = {}): Promise<SandboxServer> {
    const server = await startSandboxServer(app.sandbox, { now: () => now, ...options });
    servers.push(server);
    return server;
  }

  beforeAll(async () => {
    origin = (await start()).origin;
    rotating = (await start({ rotateRefreshTokens: "on" })).origin;
  });

  afterAll(() => Promise.all(servers.map((server) => server.close())));

  async function callback(at: string, { account = "demo", url = app.authorizationUrl(at, "s-1") } = {}): Promise<URL> {
    const page = await openPage(url);
    return locationOf(await submit(page, { button: app.allow, typed: { account } }));
  }

  async function codeFor(at: string, options: { account?: string; url?: string } = {}): Promise<string> {
    return (await callback(at, options)).searchParams.get("code")!;
  }

  async function connect(at: string, account = "demo"): Promise<Tokens & { refreshToken: string }> {
    const tokens = await app.exchange(at, { code: await codeFor(at, { account }) });
    return { ...tokens, refreshToken: tokens.refreshToken! };
  }

  const opens = (at: string, accessToken: string) =>
    app.whoAmI(at, accessToken).then(
      () => true,
      () => false,
    );

  function urlWith(change: (parameters: URLSearchParams) => void): string {
    const url = new URL(app.authorizationUrl(origin, "s-1"));
    change(url.searchParams);
    return url.href;
  }

  describe("consent", () => {
    test("a user allows, and the app gets tokens of the account that was named", async () => {
      const page = await openPage(app.authorizationUrl(origin, "a state & more=1"));
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain("crmesh asks for permission to:");
      const back = locationOf(await submit(page, { button: app.allow, typed: { account: "acme-1" } }));
      expect(`${back.origin}${back.pathname}`).toBe(REDIRECT_URI);
      expect([...back.searchParams.keys()]).toEqual(["code", "state"]);
      expect(back.searchParams.get("state")).toBe("a state & more=1");

      const { accessToken, refreshToken } = await app.exchange(origin, { code: back.searchParams.get("code")! });
      const acme = await app.whoAmI(origin, accessToken);
      const seed = app.sandbox.credentials("acme-1", origin, now);
      expect(await app.whoAmI(origin, seed.accessToken!)).toBe(acme);
      expect(await app.whoAmI(origin, (await connect(origin)).accessToken)).not.toBe(acme);
      expect(await app.whoAmI(origin, (await app.refresh(origin, refreshToken!)).accessToken)).toBe(acme);
    });

    test("the page cannot be framed, runs nothing and is not kept", async () => {
      const { headers, html } = await openPage(app.authorizationUrl(origin, "s"));
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(html).toContain('<label for="account">Account to connect</label>');
      expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\/(?!127\.0\.0\.1)/);
    });

    test("if a user denies, the app gets the error", async () => {
      const page = await openPage(app.authorizationUrl(origin, "s-2"));
      const back = locationOf(await submit(page, { button: app.deny, typed: { account: "" } }));
      expect(Object.fromEntries(back.searchParams)).toEqual({
        error: "access_denied",
        error_description: expect.stringMatching(/denied|declined/),
        state: "s-2",
      });
    });

    test("without a state none comes back, and the app’s own query stays as it is", async () => {
      const url = urlWith((parameters) => {
        parameters.delete("state");
        parameters.set("redirect_uri", `${REDIRECT_URI}?tenant=a%20b`);
      });
      const back = await callback(origin, { url });
      expect(back.href).toMatch(/\/callback\?tenant=a%20b&code=[^&]+$/);
    });

    test.each(["", "Demo", "a b", "../demo", "x".repeat(41), `"><script>alert(1)</script>`])(
      "%j is no account: the page says so and waits",
      async (account) => {
        const page = await openPage(app.authorizationUrl(origin, "s"));
        const again = await submit(page, { button: app.allow, typed: { account } });
        expect(again.status).toBe(400);
        expect(again.headers.get("location")).toBeNull();
        expect(again.html).toContain('role="alert"');
        expect(again.html).not.toContain("<script");
        const back = locationOf(await submit(again, { button: app.allow, typed: { account: "demo" } }));
        expect(back.searchParams.get("code")).toBeTruthy();
      },
    );

    test("a page that lay open too long, or was never shown, leads nowhere", async () => {
      const page = await openPage(app.authorizationUrl(origin, "s"));
      now += 10 * 60_000;
      const late = await submit(page, { button: app.allow });
      now = START;
      const forged = await submit(
        { ...page, html: page.html.replace(/(name="consent" value=")[^"]*/, "$1guess") },
        { button: app.allow },
      );
      for (const answer of [late, forged]) {
        expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
        expect(textOf(answer)).toContain("This page is no longer valid.");
      }
    });
  });

  describe("what an app gets wrong", () => {
    const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;

    test.each<[string, (parameters: URLSearchParams) => void]>([
      ["no client", (parameters) => parameters.delete("client_id")],
      ["another client", (parameters) => parameters.set("client_id", HOSTILE)],
      ["no redirect URI", (parameters) => parameters.delete("redirect_uri")],
      ["a script", (parameters) => parameters.set("redirect_uri", "javascript:alert(1)")],
      ["a data URL", (parameters) => parameters.set("redirect_uri", "data:text/html,<script>alert(1)</script>")],
      ["a path", (parameters) => parameters.set("redirect_uri", "/callback")],
      ["no scheme", (parameters) => parameters.set("redirect_uri", "//evil.example/callback")],
      ["plain http elsewhere", (parameters) => parameters.set("redirect_uri", "http://evil.example/callback")],
      ["a loopback look-alike", (parameters) => parameters.set("redirect_uri", "http://127.0.0.1.evil.example/")],
      ["another look-alike", (parameters) => parameters.set("redirect_uri", "http://localhost@evil.example/")],
      ["a fragment", (parameters) => parameters.set("redirect_uri", `${REDIRECT_URI}#x`)],
      ["an empty fragment", (parameters) => parameters.set("redirect_uri", `${REDIRECT_URI}#`)],
      ["a password", (parameters) => parameters.set("redirect_uri", "https://user:password@app.example/callback")],
      ["hostile text", (parameters) => parameters.set("redirect_uri", HOSTILE)],
      ["two redirect URIs", (parameters) => parameters.append("redirect_uri", "https://evil.example/")],
      ["two states", (parameters) => parameters.append("state", HOSTILE)],
    ])("%s: the CRM says so and sends nobody anywhere", async (_name, change) => {
      const page = await openPage(urlWith(change));
      expect([page.status, page.headers.get("location")]).toEqual([400, null]);
      expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(page.html).not.toMatch(/<script|<img|<form/);
    });

    test.each(["http://localhost:4000/cb", "http://[::1]:4000/cb", "https://app.example/cb?x=1"])(
      "%s is a redirect URI",
      async (redirectUri) => {
        const url = urlWith((parameters) => parameters.set("redirect_uri", redirectUri));
        const code = await codeFor(origin, { url });
        expect((await app.exchange(origin, { code, redirectUri })).accessToken).toBeTruthy();
      },
    );

    test("hostile text in the state comes back unchanged, and appears on no page", async () => {
      const url = urlWith((parameters) => parameters.set("state", `${HOSTILE}\r\nSet-Cookie: x=1`));
      expect((await openPage(url)).html).not.toContain("alert");
      const back = await callback(origin, { url });
      expect(back.searchParams.get("state")).toBe(`${HOSTILE}\r\nSet-Cookie: x=1`);
    });

    test("a state of 100 kB is refused, and the next user is served", async () => {
      const url = urlWith((parameters) => parameters.set("state", "x".repeat(100_000)));
      expect((await openPage(url)).status).toBe(431);
      expect((await openPage(app.authorizationUrl(origin, "s"))).status).toBe(200);
    });
  });

  describe("codes", () => {
    test("are good for their time", async () => {
      const [early, late] = [await codeFor(origin), await codeFor(origin)];
      now += app.codeLifetime - 1;
      expect((await app.exchange(origin, { code: early })).accessToken).toBeTruthy();
      now += 1;
      expect(await refusalOf(app.exchange(origin, { code: late }))).toBe("invalid_grant");
      now = START;
    });

    test("are valid once: a second use revokes the tokens of the first", async () => {
      const code = await codeFor(origin);
      const { accessToken, refreshToken } = await app.exchange(origin, { code });
      const bystander = await connect(origin);
      expect(await opens(origin, accessToken)).toBe(true);
      expect(await refusalOf(app.exchange(origin, { code }))).toBe("invalid_grant");
      expect(await opens(origin, accessToken)).toBe(false);
      expect(await refusalOf(app.refresh(origin, refreshToken!))).toBe("invalid_grant");
      expect(await opens(origin, bystander.accessToken)).toBe(true);
    });

    test("are told from guesses", async () => {
      expect(await refusalOf(app.exchange(origin, { code: "guess" }))).toBe("invalid_grant");
    });

    test("are given only for the redirect URI they were sent to", async () => {
      const code = await codeFor(origin);
      const refused = await refusalOf(app.exchange(origin, { code, redirectUri: `${REDIRECT_URI}/` }));
      expect(refused).toMatch(/^(invalid_grant|redirect_uri_mismatch)$/);
    });

    test.each([null, "", "short", VERIFIER.replace("Zk9", "Zk8"), challengeOf(VERIFIER)])(
      "are not given for the verifier %j",
      async (codeVerifier) => {
        const code = await codeFor(origin);
        expect(await refusalOf(app.exchange(origin, { code, codeVerifier }))).toBe("invalid_grant");
      },
    );

    test("asked for without a challenge are given without a verifier, and only so", async () => {
      const url = urlWith((parameters) => {
        parameters.delete("code_challenge");
        parameters.delete("code_challenge_method");
      });
      const [plain, downgraded] = [await codeFor(origin, { url }), await codeFor(origin, { url })];
      expect((await app.exchange(origin, { code: plain, codeVerifier: null })).accessToken).toBeTruthy();
      expect(await refusalOf(app.exchange(origin, { code: downgraded }))).toBe("invalid_grant");
    });

    test.each([
      { id: "somebody", secret: CLIENT.secret },
      { id: CLIENT.id, secret: "guess" },
    ])("are not given to %j", async (client) => {
      const code = await codeFor(origin);
      expect(await refusalOf(app.exchange(origin, { code, client }))).toMatch(/^invalid_client/);
      // An attempt of another client does not spend the code.
      expect((await app.exchange(origin, { code })).accessToken).toBeTruthy();
    });
  });

  describe("refresh tokens", () => {
    test("stay the same unless the CRM replaces them", async () => {
      const { refreshToken } = await connect(origin);
      for (const at of [1, 2]) {
        now = START + at * 1000;
        const refreshed = await app.refresh(origin, refreshToken);
        expect(refreshed.refreshToken ?? refreshToken).toBe(refreshToken);
        expect(await opens(origin, refreshed.accessToken)).toBe(true);
      }
      now = START;
    });

    test("are replaced with every refresh where the CRM does so", async () => {
      const first = await connect(rotating);
      const second = await app.refresh(rotating, first.refreshToken);
      const third = await app.refresh(rotating, second.refreshToken!);
      expect(new Set([first.refreshToken, second.refreshToken, third.refreshToken]).size).toBe(3);
      for (const { accessToken } of [first, second, third]) expect(await opens(rotating, accessToken)).toBe(true);
    });

    test("used twice cost the whole family: tokens that were good a moment ago are not", async () => {
      const first = await connect(rotating);
      const bystander = await connect(rotating);
      const second = await app.refresh(rotating, first.refreshToken);
      expect(await refusalOf(app.refresh(rotating, first.refreshToken))).toBe("invalid_grant");
      for (const { accessToken } of [first, second]) expect(await opens(rotating, accessToken)).toBe(false);
      expect(await refusalOf(app.refresh(rotating, second.refreshToken!))).toBe("invalid_grant");
      expect(await opens(rotating, bystander.accessToken)).toBe(true);
      expect((await app.refresh(rotating, bystander.refreshToken)).accessToken).toBeTruthy();
    });

    test("used at the same time give one answer, and then none", async () => {
      const { refreshToken } = await connect(rotating);
      const answers = await Promise.allSettled([1, 2, 3].map(() => app.refresh(rotating, refreshToken)));
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("of an account without consent are a family, too", async () => {
      const { refreshToken, accessToken } = app.sandbox.credentials("seeded", rotating, now);
      const second = await app.refresh(rotating, refreshToken!);
      expect(second.refreshToken).not.toBe(refreshToken);
      expect(await opens(rotating, accessToken!)).toBe(true);
      expect(await refusalOf(app.refresh(rotating, refreshToken!))).toBe("invalid_grant");
      expect(await opens(rotating, accessToken!)).toBe(false);
      expect(await refusalOf(app.refresh(rotating, second.refreshToken!))).toBe("invalid_grant");
    });

    test("stay good over a restart, and are watched again from then on", async () => {
      const before = await start({ rotateRefreshTokens: "on" });
      const { refreshToken } = await connect(before.origin);
      const kept = await app.refresh(before.origin, refreshToken);
      await before.close();

      const { origin: after } = await start({ rotateRefreshTokens: "on" });
      expect(await opens(after, kept.accessToken)).toBe(true);
      const next = await app.refresh(after, kept.refreshToken!);
      expect(await opens(after, next.accessToken)).toBe(true);
      expect(await refusalOf(app.refresh(after, kept.refreshToken!))).toBe("invalid_grant");
      expect(await opens(after, next.accessToken)).toBe(false);
    });
  });

  describe("revocation", () => {
    test("of a refresh token ends all that came from its consent, and nothing else", async () => {
      const first = await connect(origin);
      const second = await app.refresh(origin, first.refreshToken);
      const bystander = await connect(origin);
      await app.revoke(origin, first.refreshToken);
      for (const { accessToken } of [first, second]) expect(await opens(origin, accessToken)).toBe(false);
      expect(await refusalOf(app.refresh(origin, first.refreshToken))).toBe("invalid_grant");
      expect(await opens(origin, bystander.accessToken)).toBe(true);
    });

    test("of an access token ends that one", async () => {
      const { accessToken, refreshToken } = await connect(origin);
      await app.revoke(origin, accessToken);
      expect(await opens(origin, accessToken)).toBe(false);
      now += 1000;
      expect(await opens(origin, (await app.refresh(origin, refreshToken)).accessToken)).toBe(true);
      now = START;
    });

    test("of tokens handed out without a consent is as good", async () => {
      const { accessToken, refreshToken } = app.sandbox.credentials("given-up", origin, now);
      await app.revoke(origin, refreshToken!);
      expect(await opens(origin, accessToken!)).toBe(false);
      expect(await refusalOf(app.refresh(origin, refreshToken!))).toBe("invalid_grant");
    });

    test("by the user ends everything of the account until the next consent", async () => {
      const server = await start();
      const { origin: at } = server;
      const granted = await connect(at, "left");
      const stranger = await connect(at, "stays");
      const seed = app.sandbox.credentials("left", at, now);
      server.revoke("left");
      for (const { accessToken, refreshToken } of [granted, seed]) {
        expect(await opens(at, accessToken)).toBe(false);
        expect(await refusalOf(app.refresh(at, refreshToken))).toBe("invalid_grant");
      }
      expect(await opens(at, stranger.accessToken)).toBe(true);

      const again = await connect(at, "left");
      expect(await opens(at, again.accessToken)).toBe(true);
      expect((await app.refresh(at, again.refreshToken)).accessToken).toBeTruthy();
      expect(await refusalOf(app.refresh(at, granted.refreshToken))).toBe("invalid_grant");
    });
  });

  test("a server counts the refreshes of an account, and hands out grants that know nothing of each other", async () => {
    const server = await start({ rotateRefreshTokens: "on" });
    const [one, other] = [server.credentials("counted"), server.credentials("counted")];
    expect(one.refreshToken).not.toBe(other.refreshToken);
    const next = await app.refresh(server.origin, one.refreshToken!);
    await app.refresh(server.origin, next.refreshToken!);
    expect(await refusalOf(app.refresh(server.origin, one.refreshToken!))).toBe("invalid_grant");
    expect(await opens(server.origin, other.accessToken!)).toBe(true);
    expect([server.refreshes("counted"), server.refreshes("nobody")]).toEqual([2, 0]);
  });

  test("the token and revocation endpoints show the requested faults", async () => {
    const { refreshToken } = await connect(origin);
    const client = { client_id: CLIENT.id, client_secret: CLIENT.secret };
    const call = (path: string, fault: string) =>
      postForm(
        `${origin}${path}`,
        { ...client, grant_type: "refresh_token", refresh_token: refreshToken, token: refreshToken },
        { "x-sandbox-fault": fault },
      );
    for (const path of [app.tokenPath, app.revokePath]) {
      expect((await call(path, "PROVIDER_ERROR")).status).toBe(500);
      expect((await call(path, "PROVIDER_UNAVAILABLE")).status).toBe(503);
      expect([403, 429]).toContain((await call(path, "PROVIDER_RATE_LIMITED")).status);
      expect((await call(path, "NEEDS_REAUTH")).status).toBe(400);
      expect((await call(path, "PROVIDER_AUTH_FAILED")).status).toBe(200);
    }
    expect(await refusalOf(app.refresh(origin, refreshToken))).toBe("invalid_grant");
  });
});
