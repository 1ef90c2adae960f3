import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { providers } from "../../src/providers/index.js";
import { SANDBOX_OAUTH_CLIENT } from "../../src/sandbox/public.js";
import { eventually } from "../support/eventually.js";
import { leavingCaller } from "../support/leaving-caller.js";
import { linesFrom, linesOf, logLine, requestLine, type LogLine } from "../support/log-lines.js";
import { MovedClock } from "../support/moved-clock.js";
import { DEMO_KEY, ENCRYPTION_KEY, Ground, type QueryOptions, type TestServer } from "../support/test-server.js";
import { drop, json, startLocalServer, type LocalServer } from "../upstream/local-server.js";

const CONTACTS = "{ contacts(first: 1) { nodes { fullName } } }";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

let ground: Ground;
let server: TestServer;
let requests = 0;

beforeAll(async () => {
  ground = await Ground.open();
  server = await ground.serve();
  await server.data("{ connections { id } }");
});
afterAll(() => ground.close());

/** The answer of a query, its log line, and the lines at `warn` and above that belong to it. */
async function logged(document: string, options: QueryOptions = {}, at = server) {
  const requestId = `logs-${(requests += 1)}`;
  const answer = await at.query(document, { ...options, headers: { ...options.headers, "x-request-id": requestId } });
  const line = await requestLine(requestId, at.logs);
  const texts = at.logs.filter((text) => logLine(text).requestId === requestId);
  return { answer, line, warnings: linesFrom("warn", texts) };
}

/** The members of credentials that are no secrets: each provider's fields say so, and crmesh adds times and places. */
const NO_SECRETS = new Set([
  ...providers.all
    .flatMap(({ credentialFields }) => credentialFields.filter(({ secret }) => !secret))
    .map(({ name }) => name),
  "expiresAt",
  "authorizationServer",
]);

let endUsers = 0;

/** A server whose live HubSpot is `crm`, with one more end user connected to it. */
async function liveServer(crm: LocalServer, overrides: Parameters<Ground["serve"]>[0] = {}) {
  const { config, ...others } = overrides;
  const baseUrls = new Map([["hubspot", crm.origin]]);
  const live = await ground.serve({ ...others, config: { baseUrls, allowPrivateHosts: true, ...config } });
  return { server: live, ...(await liveUser()) };
}

/** One more end user with a live connection to HubSpot. */
async function liveUser(workspace = "demo", accessToken = "pat-live") {
  const endUserId = `logged-${(endUsers += 1)}`;
  const credentials = { accessToken };
  const connectionId = await ground.connect(endUserId, "hubspot", { workspace, environment: "live", credentials });
  const key = await ground.key({ workspace, environment: "live" });
  return { connectionId, options: { key, endUserId, provider: "hubspot" } };
}

describe("the line of a request", () => {
  test("says who asked for what, how long it took and what it cost", async () => {
    const document = 'query Find { hubspot: contacts(provider: "hubspot", first: 1) { nodes { id } } }';
    const { line, warnings } = await logged(document, { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } });
    const [key] = await ground.store.apiKeys.list();
    expect(line).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      hostname: expect.any(String),
      requestId: expect.any(String),
      traceId: TRACE,
      workspaceId: key!.workspaceId,
      environment: "test",
      keyId: key!.id,
      endUserId: "demo",
      method: "POST",
      path: "/graphql",
      operationName: "Find",
      operationType: "query",
      status: 200,
      durationMs: expect.any(Number),
      upstreamCalls: 1,
      msg: "Request",
    });
    expect(warnings).toEqual([]);
  });

  test("names the type of a mutation, and the end user of an argument", async () => {
    const document =
      'mutation { createContact(endUserId: "demo", provider: "hubspot", input: { lastName: "Logged" }) { id } }';
    const { line } = await logged(document, { endUserId: null });
    expect(line).toMatchObject({ operationType: "mutation", endUserId: "demo", upstreamCalls: 1 });
    expect(line).not.toHaveProperty("operationName");
  });

  test("names the end user of a global id by crmesh's own id", async () => {
    const { contacts } = await server.data<{ contacts: { nodes: { id: string }[] } }>(
      "{ contacts(first: 1) { nodes { id } } }",
      { provider: "odoo" },
    );
    const { line } = await logged("query ($id: ID!) { contact(id: $id) { fullName } }", {
      endUserId: null,
      variables: { id: contacts.nodes[0]!.id },
    });
    expect(line["endUserId"]).toMatch(/^eu_/);
  });

  test("names the operation that a broken document was sent for", async () => {
    const response = await server.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${DEMO_KEY}`, "x-request-id": "broken-1" },
      body: JSON.stringify({ query: "query Broken { contacts(", operationName: "Broken" }),
    });
    expect(response.status).toBe(400);
    expect(await requestLine("broken-1", server.logs)).toMatchObject({
      operationName: "Broken",
      codes: ["GRAPHQL_PARSE_FAILED"],
    });
  });

  test.each([
    ["without a key", { headers: {} }, ["INVALID_API_KEY"], 401],
    ["without a query", { headers: { authorization: `Bearer ${DEMO_KEY}` }, body: "{}" }, ["INVALID_INPUT"], 400],
    ["that is not JSON", { headers: { authorization: `Bearer ${DEMO_KEY}` }, body: "{" }, ["INVALID_INPUT"], 400],
  ])(
    "of a request %s has its code",
    async (name, { headers, body = "{}" }: { headers: object; body?: string }, codes, status) => {
      const requestId = name.replaceAll(" ", "-");
      const response = await server.fetch("/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": requestId, ...headers },
        body,
      });
      expect(response.status).toBe(status);
      expect(await requestLine(requestId, server.logs)).toMatchObject({ level: "info", status, codes, errors: 1 });
    },
  );

  test("of a URL that cannot be decoded exists, too", async () => {
    await server.fetch("/%ff", { headers: { "x-request-id": "undecodable" } });
    expect(await requestLine("undecodable", server.logs)).toMatchObject({ status: 400, codes: ["INVALID_INPUT"] });
  });

  test("of a health check is at debug", async () => {
    await server.fetch("/healthz", { headers: { "x-request-id": "health" } });
    expect(await requestLine("health", server.logs)).toMatchObject({ level: "debug", path: "/healthz", status: 200 });
  });

  test("of a caller who leaves says so", async () => {
    const crm = await startLocalServer();
    const asked = new Promise<void>((resolve) => crm.answer(() => resolve()));
    const live = await liveServer(crm);
    const caller = leavingCaller(live.server, CONTACTS, live.options);
    await asked;
    await caller.leave();
    const line = await eventually(() =>
      live.server.logs.map(logLine).find((one) => one.msg === "Request" && one["callerLeft"] === true),
    );
    expect(line).toMatchObject({ level: "info", path: "/graphql", upstreamCalls: 1 });
    await crm.close();
  });
});

describe("a failure of a CRM is a warning", () => {
  test("that names provider, connection, code, the CRM's own status, code and request id, attempt and detail", async () => {
    const { answer, warnings } = await logged(CONTACTS, {
      provider: "hubspot",
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_ERROR", traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
    });
    const { connectionId, upstream } = answer.body.errors![0]!.extensions;
    expect(upstream!.requestId).toEqual(expect.any(String));
    expect(warnings).toEqual([
      expect.objectContaining({
        msg: "Provider failed",
        traceId: TRACE,
        endUserId: "demo",
        provider: "hubspot",
        connectionId,
        code: "PROVIDER_ERROR",
        upstreamStatus: upstream!.status,
        upstreamRequestId: expect.any(String),
        attempt: 3,
        calls: 3,
        retried: 2,
        errors: 1,
      }),
    ]);
  });

  test("inside a fan-out whose answer is 200", async () => {
    const document = "{ connections { provider { slug } contacts(first: 1) { nodes { id } } } }";
    const headers = { "x-sandbox-fault": "odoo=PROVIDER_ERROR, zoho=PROVIDER_RATE_LIMITED" };
    const { line, warnings } = await logged(document, { headers });
    expect(line).toMatchObject({ status: 200, errors: 2 });
    expect(new Set(line["codes"] as string[])).toEqual(new Set(["PROVIDER_ERROR", "PROVIDER_RATE_LIMITED"]));
    expect(warnings.map(({ provider, code, errors }) => [provider, code, errors]).sort()).toEqual([
      ["odoo", "PROVIDER_ERROR", 1],
      ["zoho", "PROVIDER_RATE_LIMITED", 1],
    ]);
  });

  test("once for all fields that fail in the same way", async () => {
    const fields = Array.from(
      { length: 60 },
      (_, index) => `f${index}: contacts(first: ${index + 1}) { nodes { id } }`,
    );
    const { answer, line, warnings } = await logged(`{ ${fields.join(" ")} }`, {
      provider: "hubspot",
      headers: { "x-sandbox-fault": "hubspot=PROVIDER_AUTH_FAILED" },
    });
    expect(answer.body.errors).toHaveLength(60);
    expect(line).toMatchObject({ codes: ["PROVIDER_AUTH_FAILED"], errors: 60 });
    expect(warnings).toEqual([expect.objectContaining({ code: "PROVIDER_AUTH_FAILED", errors: 60, calls: 60 })]);
  });

  test("if crmesh's next attempt succeeds: no error of the response", async () => {
    const { answer, warnings } = await logged(CONTACTS, {
      provider: "pipedrive",
      headers: { "x-sandbox-fault": "pipedrive=UNAVAILABLE_BURST" },
    });
    expect(answer.body.errors).toBeUndefined();
    expect(warnings).toEqual([
      expect.objectContaining({ code: "PROVIDER_UNAVAILABLE", attempt: 2, calls: 2, retried: 2, errors: 0 }),
    ]);
  });

  test("with the outcome of a write", async () => {
    const crm = await startLocalServer();
    crm.answer(drop);
    const live = await liveServer(crm);
    const create = 'mutation { createContact(input: { lastName: "Lost" }) { id } }';
    const { warnings } = await logged(create, live.options, live.server);
    const { connectionId } = live;
    expect(warnings).toEqual([
      expect.objectContaining({
        connectionId,
        code: "PROVIDER_UNAVAILABLE",
        outcome: "UNKNOWN",
        attempt: 1,
        retried: 0,
      }),
    ]);
    await crm.close();
  });

  test("if crmesh cannot read the CRM's answer: no call has failed", async () => {
    const crm = await startLocalServer();
    crm.answer(json(200, { results: "none" }));
    const live = await liveServer(crm);
    const { warnings } = await logged(CONTACTS, live.options, live.server);
    expect(warnings).toEqual([
      expect.objectContaining({
        provider: "hubspot",
        connectionId: live.connectionId,
        code: "PROVIDER_ERROR",
        detail: expect.stringContaining("results"),
        errors: 1,
      }),
    ]);
    await crm.close();
  });

  test("of a write whose caller has left", async () => {
    const crm = await startLocalServer();
    let answerNow!: () => void;
    const asked = new Promise<void>((resolve) => {
      crm.answer((response) => {
        answerNow = () => void response.writeHead(500, { "content-type": "application/json" }).end("{}");
        resolve();
      });
    });
    const live = await liveServer(crm);
    const caller = leavingCaller(
      live.server,
      'mutation { createContact(input: { lastName: "Gone" }) { id } }',
      live.options,
    );
    await asked;
    await caller.leave();
    answerNow();
    const line = await eventually(() => live.server.logs.map(logLine).find(({ msg }) => msg === "Request"));
    expect(line).toMatchObject({ callerLeft: true, operationType: "mutation" });
    expect(linesOf(line.requestId!, live.server.logs).find(({ level }) => level === "warn")).toMatchObject({
      msg: "Provider failed",
      upstreamStatus: 500,
      outcome: "UNKNOWN",
    });
    await crm.close();
  });

  test("but a record that the CRM does not have is none", async () => {
    const { answer, warnings } = await logged('{ contact(id: "1", provider: "hubspot") { fullName } }');
    expect(answer.body.errors![0]!.extensions.code).toBe("CONTACT_NOT_FOUND");
    expect(warnings).toEqual([]);
  });
});

describe("circuits", () => {
  let crm: LocalServer;
  beforeAll(async () => void (crm = await startLocalServer()));
  afterAll(() => crm.close());
  const changesIn = ({ logs }: TestServer) => logs.map(logLine).filter(({ msg }) => msg.startsWith("Circuit "));

  test("that open and close on both levels are warnings, each one once", async () => {
    const clock = new MovedClock();
    const { server: live } = await liveServer(crm, { clock, circuit: { failures: 2 } });
    const users = await Promise.all([liveUser("north"), liveUser("north"), liveUser("south")]);
    crm.answer(json(503, {}));
    for (const { options } of users) {
      for (let failure = 1; failure <= 3; failure += 1) await live.query(CONTACTS, options);
    }
    const opened = changesIn(live);
    expect(opened.map(({ circuit }) => circuit)).toEqual(["CONNECTION", "CONNECTION", "CONNECTION", "PROVIDER"]);
    for (const [index, { connectionId }] of users.entries()) {
      expect(opened[index]).toMatchObject({
        level: "warn",
        msg: "Circuit opened",
        provider: "hubspot",
        origin: crm.origin,
        connectionId,
        retryAfterMs: 10_000,
        requestId: expect.any(String),
      });
    }
    // It is open for all workspaces.
    expect(opened[3]).toMatchObject({ level: "warn", msg: "Circuit opened", origin: crm.origin, retryAfterMs: 10_000 });
    expect(opened[3]).not.toHaveProperty("workspaceId");
    expect(opened[3]).not.toHaveProperty("connectionId");

    // A failed probe changes nothing.
    clock.move(10_000);
    await live.query(CONTACTS, users[0].options);
    expect(changesIn(live)).toHaveLength(4);

    clock.move(20_000);
    crm.answer(json(200, { results: [] }));
    await live.query(CONTACTS, users[0].options);
    expect(changesIn(live).slice(4)).toMatchObject([
      { msg: "Circuit closed", circuit: "CONNECTION", connectionId: users[0].connectionId, openedForMs: 30_000 },
      { msg: "Circuit closed", circuit: "PROVIDER", openedForMs: 30_000 },
    ]);
  });

  test("that refuse a call are named by CIRCUIT_OPEN and attempt 0", async () => {
    const live = await liveServer(crm, { clock: new MovedClock(), circuit: { failures: 1 } });
    crm.answer(json(503, {}));
    await live.server.query(CONTACTS, live.options);
    const { warnings } = await logged(CONTACTS, live.options, live.server);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: "CIRCUIT_OPEN",
        connectionId: live.connectionId,
        attempt: 0,
        calls: 1,
        errors: 1,
      }),
    ]);
  });
});

test("a connection that becomes NEEDS_REAUTH is a warning, once", async () => {
  const credentials = { ...ground.sandbox.credentials("pipedrive", "gone"), expiresAt: "2020-01-01T00:00:00Z" };
  const connectionId = await ground.connect("gone", "pipedrive", { account: "gone", credentials });
  ground.sandbox.revoke("pipedrive", "gone");
  const options = { provider: "pipedrive", endUserId: "gone" };
  const { warnings } = await logged(CONTACTS, options);
  const became = {
    msg: "Connection needs re-authentication",
    provider: "pipedrive",
    connectionId,
    code: "NEEDS_REAUTH",
  };
  expect(warnings.filter(({ msg }) => msg === became.msg)).toEqual([expect.objectContaining(became)]);
  const again = await logged(CONTACTS, options);
  expect(again.warnings).toEqual([
    expect.objectContaining({ msg: "Provider failed", connectionId, code: "NEEDS_REAUTH", calls: 0, errors: 1 }),
  ]);
});

describe("a hostile value", () => {
  const HOSTILE = `x\n{"level":"error","msg":"forged"}\u001b[2J\u009b31m\u2028${"huge".repeat(50_000)}`;
  const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  /** The logged lines since `from`, after a check that each is one line that a program wrote. */
  function cleanLines(at: TestServer, from: number): LogLine[] {
    return at.logs.slice(from).map((text) => {
      expect(text.endsWith("\n") && !text.slice(0, -1).includes("\n")).toBe(true);
      expect(text).not.toMatch(UNSAFE);
      expect(text.length).toBeLessThan(8_000);
      return logLine(text);
    });
  }

  test("of a caller neither forges nor floods lines", async () => {
    const from = server.logs.length;
    const requestId = "hostile-1";
    const body = JSON.stringify({
      query: "query ($who: String!) { a: contacts(endUserId: $who, first: 1) { nodes { id } } }",
      variables: { who: HOSTILE },
      operationName: HOSTILE,
    });
    await server.fetch("/graphql?provider=hubspot", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${DEMO_KEY}`, "x-request-id": requestId },
      body,
    });
    await server.query(
      `query ${"N".repeat(100_000)} { contacts(endUserId: ${JSON.stringify(HOSTILE)}) { nodes { id } } }`,
      {
        provider: "hubspot",
        headers: { "x-request-id": "hostile-2" },
        endUserId: "\u009b31m\u00ad",
      },
    );
    await requestLine(requestId, server.logs);
    await requestLine("hostile-2", server.logs);
    const lines = cleanLines(server, from);
    expect(lines.map(({ msg }) => msg)).not.toContain("forged");
    expect(lines.find((line) => line.requestId === "hostile-1")!["operationName"]).toMatch(/^x\n.{190,}…$/s);
  });

  test("of a CRM neither forges nor floods lines", async () => {
    const crm = await startLocalServer();
    const live = await liveServer(crm);
    crm.answer(json(500, { category: HOSTILE, correlationId: HOSTILE, message: HOSTILE }));
    const from = live.server.logs.length;
    const { warnings } = await logged(CONTACTS, live.options, live.server);
    cleanLines(live.server, from);
    expect(warnings).toHaveLength(1);
    await crm.close();
  });
});

test("no fault of any CRM is an error, and no secret of any kind is in the log", async () => {
  const hung = { "x-crmesh-timeout-ms": "100" };
  const played = await ground.serve({ config: { upstreamTimeoutMs: 1_000 } });
  const slugs = [...ground.sandbox.origins.keys()];
  const secrets = new Set([DEMO_KEY, ENCRYPTION_KEY.split(":")[1]!, SANDBOX_OAUTH_CLIENT.secret]);
  for (const account of ["demo", "faults"]) {
    for (const slug of slugs) {
      for (const [name, value] of Object.entries(ground.sandbox.credentials(slug, account))) {
        if (!NO_SECRETS.has(name)) secrets.add(value);
      }
    }
  }
  const ids = await ground.connectAll("faults", { account: "faults" });
  const seen = new Map<string, Set<unknown>>();
  for (const fault of ground.sandbox.faults) {
    const headers = {
      "x-sandbox-fault": slugs.map((slug) => `${slug}=${fault}`).join(", "),
      ...(["TIMEOUT", "SLOW", "SLOW_BODY"].includes(fault) ? hung : {}),
    };
    const reads = slugs.map((slug) => `${slug}: contacts(provider: "${slug}", first: 1) { nodes { fullName } }`);
    const writes = slugs.map(
      (slug) => `${slug}: createContact(provider: "${slug}", input: { lastName: "Fault" }) { id }`,
    );
    // Late answers are no failures, and nothing shortens the wait of a write for them.
    const mutations = fault.startsWith("SLOW") ? [] : [`mutation { ${writes.join(" ")} }`];
    for (const document of [`{ ${reads.join(" ")} }`, ...mutations]) {
      const { answer, warnings } = await logged(document, { endUserId: "faults", headers }, played);
      for (const { reconnectUrl } of (answer.body.errors ?? []).map(({ extensions }) => extensions)) {
        if (reconnectUrl) secrets.add(new URL(reconnectUrl).searchParams.get("token")!);
      }
      // Each error of the response that a CRM caused has its warning.
      for (const { extensions } of answer.body.errors ?? []) {
        if (extensions.origin !== "PROVIDER") continue;
        const { provider, code, connectionId } = extensions;
        expect(connectionId).toBe(ids[provider!]);
        expect(warnings).toContainEqual(
          expect.objectContaining({ msg: "Provider failed", provider, code, connectionId }),
        );
      }
      const providers = warnings.map(({ provider }) => provider);
      seen.set(fault, new Set([...(seen.get(fault) ?? []), ...providers]));
    }
  }
  for (const [fault, providers] of seen) {
    if (!fault.startsWith("SLOW")) expect([fault, providers.size]).toEqual([fault, slugs.length]);
  }
  // A wrong credential that an end user enters.
  const wrong = { accessToken: "pat-wrong-s3cret" };
  await played.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
    variables: { input: { endUserId: "demo", provider: "hubspot", credentials: wrong } },
  });
  await ground.endUser("stranger");
  await played.query("mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }", {
    variables: { input: { endUserId: "stranger", provider: "hubspot", credentials: wrong } },
  });
  secrets.add(wrong.accessToken);

  expect(linesFrom("error", played.logs)).toEqual([]);
  const all = played.logs.join("");
  for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
  expect(all).not.toMatch(/Bearer|ct_[\w-]+\.|authorization"/i);
}, 300_000);
