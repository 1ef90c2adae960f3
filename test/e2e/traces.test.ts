import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startSandbox, type Sandbox } from "../../src/sandbox/public.js";
import { gated, type Gate } from "../support/gate.js";
import { observedServer } from "../support/observed-server.js";
import { OtlpCollector, type CollectedSpan } from "../support/otlp-collector.js";
import { DEMO_KEY, type TestServer } from "../support/test-server.js";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;
const PEOPLE = `query People {
  hubspot: contacts(provider: "hubspot", first: 2) { nodes { fullName meetings(first: 2) { nodes { title } } } }
  salesforce: contacts(provider: "salesforce", first: 2) { nodes { fullName } }
}`;

let sandbox: Sandbox;
let gates: ReadonlyMap<string, Gate>;
let collector: OtlpCollector;
let server: TestServer & { close: () => Promise<void> };

beforeAll(async () => {
  ({ sandbox, gates } = await gated(await startSandbox()));
  collector = await OtlpCollector.start();
  server = await observedServer(sandbox, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    // The spans of a request come at once, its own last.
    OTEL_BSP_SCHEDULE_DELAY: "1",
    OTEL_SERVICE_NAME: "crmesh-test",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=night%20shift",
  });
});
afterAll(async () => {
  await server.close();
  await collector.close();
  for (const gate of gates.values()) await gate.close();
  await sandbox.close();
});
const childrenOf = (parent: CollectedSpan, spans: readonly CollectedSpan[]) =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
const attributesOf = (spans: readonly CollectedSpan[], name: string) => spans.map(({ attributes }) => attributes[name]);

describe("an operation over two CRMs", () => {
  test("is one trace: request, operation, connections, calls and statements", async () => {
    const before = new Map([...gates].map(([slug, { requests }]) => [slug, requests.length]));
    const { body } = await server.query(PEOPLE, { headers: { "x-request-id": "people-1", traceparent: TRACEPARENT } });
    expect(body.errors).toBeUndefined();
    const { root, spans } = await collector.trace("people-1");

    expect(root).toMatchObject({
      traceId: TRACE_ID,
      parentSpanId: PARENT_ID,
      name: "POST /graphql",
      kind: "server",
      failed: false,
      attributes: {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "crmesh.environment": "test",
      },
      resource: { "service.name": "crmesh-test", "deployment.environment.name": "night shift" },
    });
    const operation = childrenOf(root, spans).find(({ name }) => name === "query People")!;
    expect(operation).toMatchObject({
      kind: "internal",
      failed: false,
      attributes: { "graphql.operation.type": "query", "graphql.operation.name": "People" },
    });
    const connections = childrenOf(operation, spans).filter(({ name }) => name.startsWith("connection "));
    expect(connections.map(({ name }) => name).sort()).toEqual(["connection hubspot", "connection salesforce"]);

    for (const connection of connections) {
      const slug = String(connection.attributes["crmesh.provider"]);
      const calls = childrenOf(connection, spans).filter(
        ({ kind, attributes }) => kind === "client" && "url.template" in attributes,
      );
      expect(calls.length).toBe(gates.get(slug)!.requests.length - before.get(slug)!);
      for (const call of calls) {
        expect(call).toMatchObject({
          failed: false,
          attributes: {
            "http.response.status_code": 200,
            "server.address": "127.0.0.1",
            "crmesh.provider": slug,
            "crmesh.connection.id": connection.attributes["crmesh.connection.id"],
            "crmesh.attempt": 1,
            "crmesh.wait_ms": expect.any(Number),
          },
        });
        expect(call.startNs >= connection.startNs && call.endNs <= connection.endNs).toBe(true);
      }
    }
    const hubspot = childrenOf(
      connections.find(({ name }) => name.endsWith("hubspot"))!,
      spans,
    );
    expect(attributesOf(hubspot, "url.template")).toContain("/crm/objects/2026-09/contacts");
    expect(hubspot.find(({ name }) => name === "GET /crm/objects/2026-09/contacts")!.attributes["crmesh.records"]).toBe(
      2,
    );

    const statements = spans.filter(({ attributes }) => attributes["db.system.name"] === "postgresql");
    expect(statements.map(({ name }) => name)).toEqual(
      // An end user and the connections are one joined read.
      expect.arrayContaining(["SELECT api_key", "SELECT end_user"]),
    );
    // Every span has its parent in the trace, or is the request's own.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => !ids.has(parentSpanId))).toEqual([root]);
  });

  test("tells the CRMs nothing of its trace", async () => {
    const before = [...gates.values()].map(({ requests }) => requests.length);
    const headers = { traceparent: TRACEPARENT, tracestate: "vendor=1", baggage: "user=anna" };
    await server.query(PEOPLE, { headers });
    const requests = [...gates.values()].flatMap((gate, index) => gate.requests.slice(before[index]));
    expect(requests.length).toBeGreaterThan(3);
    for (const request of requests) {
      expect(Object.keys(request.headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(trace|baggage|b3|x-b3)/)]),
      );
      expect(JSON.stringify(request)).not.toContain(TRACE_ID);
    }
  });

  test("leaves neither credentials nor values nor queries of URLs in its spans", async () => {
    const secrets = [...sandbox.origins.keys()].flatMap((slug) =>
      Object.values(sandbox.credentials(slug, "demo")).filter((value) => !URL.canParse(value) && value.length > 12),
    );
    await server.query(
      `query($email: String!) { contacts(provider: "hubspot", filter: { email: $email }) { nodes { fullName emails { address } } } }`,
      {
        variables: { email: "olga.ibrahim.1@example.com" },
        headers: { "x-request-id": "secrets-1" },
      },
    );
    await collector.trace("secrets-1");
    const sent = collector.bodies.join("\n");
    expect(sent).toContain("/crm/objects/2026-09/contacts/search");
    for (const hidden of [...secrets, DEMO_KEY, "olga.ibrahim", "Bearer", "Ibrahim"])
      expect(sent).not.toContain(hidden);
    for (const { attributes } of collector.spans) {
      for (const value of Object.values(attributes)) expect(String(value)).not.toContain("?");
    }
  });
});

describe("the trace id", () => {
  test("is that of the caller in errors and in log lines", async () => {
    const headers = {
      traceparent: TRACEPARENT,
      "x-request-id": "traced-1",
      "x-sandbox-fault": "hubspot=PROVIDER_ERROR",
    };
    const { body } = await server.query(PEOPLE, { headers });
    expect(body.errors!.map(({ extensions }) => extensions)).toMatchObject([
      { traceId: TRACE_ID, requestId: "traced-1" },
    ]);
    const lines = server.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = lines.filter(({ requestId, msg }) => requestId === "traced-1" && msg === "Provider failed");
    expect(own).toMatchObject([{ traceId: TRACE_ID, provider: "hubspot" }]);
  });

  test("is a new one without a traceparent, and with an invalid one", async () => {
    const seen = new Set<unknown>();
    for (const traceparent of [undefined, "00-0-0-0", `00-${"0".repeat(32)}-${PARENT_ID}-01`]) {
      const { body } = await server.query("{ no }", { headers: traceparent === undefined ? {} : { traceparent } });
      const { traceId } = body.errors![0]!.extensions as { traceId?: string };
      expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      seen.add(traceId);
    }
    expect(seen.size).toBe(3);
  });

  test("stands in refusals before GraphQL", async () => {
    const { body } = await server.query("{ __typename }", { key: null, headers: { traceparent: TRACEPARENT } });
    expect(body.errors![0]!.extensions).toMatchObject({ code: "INVALID_API_KEY", traceId: TRACE_ID });
  });
});

describe("a failure that is played is found by its request id", () => {
  test.each([
    ["PROVIDER_ERROR", { attempts: [1, 2, 3], status: 500 }],
    ["PROVIDER_RATE_LIMITED", { attempts: [1], status: 429 }],
    ["PROVIDER_UNAVAILABLE", { attempts: [1, 2, 3], status: 503 }],
    ["PROVIDER_AUTH_FAILED", { attempts: [1], status: 403 }],
  ] as const)("%s", async (code, { attempts, status }) => {
    const headers = { "x-request-id": `fault-${code}`, "x-sandbox-fault": `hubspot=${code}` };
    const { body } = await server.query(PEOPLE, { headers });
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual([code]);
    const { root, spans } = await collector.trace(`fault-${code}`);
    expect(body.errors![0]!.extensions).toMatchObject({ traceId: root.traceId });
    expect(root.failed).toBe(false);

    const failed = spans.filter((span) => span.failed);
    expect(new Set(attributesOf(failed, "error.type"))).toEqual(new Set([code]));
    expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining(["query People", "connection hubspot"]));
    const calls = failed.filter(({ kind }) => kind === "client");
    expect(attributesOf(calls, "crmesh.attempt").sort()).toEqual(attempts);
    expect(new Set(attributesOf(calls, "http.response.status_code"))).toEqual(new Set([status]));
    const operation = failed.find(({ name }) => name === "query People")!;
    expect(operation.attributes["crmesh.error.codes"]).toEqual([code]);
  });

  test("a refresh that the CRM refuses is a part of the connection, with its call", async () => {
    const headers = { "x-request-id": "fault-reauth", "x-sandbox-fault": "salesforce=NEEDS_REAUTH" };
    const { body } = await server.query(PEOPLE, { headers });
    expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual(["NEEDS_REAUTH"]);
    const { spans } = await collector.trace("fault-reauth");
    const connection = spans.find(({ name }) => name === "connection salesforce")!;
    const refresh = childrenOf(connection, spans).find(({ name }) => name === "refresh salesforce")!;
    expect(refresh).toMatchObject({ failed: true, attributes: { "error.type": "NEEDS_REAUTH" } });
    expect(childrenOf(refresh, spans)).toMatchObject([
      { name: "POST /services/oauth2/token", failed: true, attributes: { "http.response.status_code": 400 } },
    ]);
  });

  test("a CRM that hangs until the time of its connection is over", async () => {
    const headers = {
      "x-request-id": "fault-hang",
      "x-sandbox-fault": "hubspot=TIMEOUT",
      "x-crmesh-timeout-ms": "300",
    };
    await server.query(PEOPLE, { headers });
    const { spans } = await collector.trace("fault-hang");
    const call = spans.find(
      ({ kind, attributes }) => kind === "client" && attributes["crmesh.provider"] === "hubspot",
    )!;
    expect(call).toMatchObject({ failed: true, attributes: { "error.type": "PROVIDER_UNAVAILABLE" } });
    expect(call.attributes).not.toHaveProperty("http.response.status_code");
  });

  test("a mistake of the caller is no failure", async () => {
    await server.query(`{ contacts(provider: "nonesuch") { nodes { id } } }`, {
      headers: { "x-request-id": "mistake-1" },
    });
    const { root, spans } = await collector.trace("mistake-1");
    expect(root.attributes["http.response.status_code"]).toBe(404);
    expect(spans.filter(({ failed }) => failed)).toEqual([]);
    const operation = childrenOf(root, spans).find(({ name }) => name === "query")!;
    expect(operation.attributes["crmesh.error.codes"]).toEqual(["PROVIDER_NOT_FOUND"]);
  });
});

test("a sampler that takes nothing sends nothing, and errors have their trace id all the same", async () => {
  const unused = await OtlpCollector.start();
  const quiet = await observedServer(sandbox, {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${unused.endpoint}/v1/traces`,
    OTEL_TRACES_SAMPLER: "always_off",
  });
  const { body } = await quiet.query("{ no }");
  expect(body.errors![0]!.extensions).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  await quiet.close();
  await unused.close();
  expect(unused.requests).toBe(0);
});
