import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { METRICS } from "../../src/observability/telemetry/metrics.js";
import { prometheusName } from "../../src/observability/telemetry/sdk/prometheus-text.js";
import { startSandbox, type Sandbox } from "../../src/sandbox/public.js";
import { gated, type Gate } from "../support/gate.js";
import { eventually } from "../support/eventually.js";
import { observedServer } from "../support/observed-server.js";
import { OtlpCollector } from "../support/otlp-collector.js";
import { Scrape } from "../support/prometheus.js";
import type { TestServer } from "../support/test-server.js";

const CONTACTS = `query People { contacts(provider: "hubspot", first: 2) { nodes { fullName } } }`;
type Observed = TestServer & { close: () => Promise<void> };

const PROMETHEUS_KINDS = {
  counter: "counter",
  total: "counter",
  gauge: "gauge",
  sum: "other",
  histogram: "other",
} as const;

let sandbox: Sandbox;
let gates: ReadonlyMap<string, Gate>;
let server: Observed;

beforeAll(async () => {
  ({ sandbox, gates } = await gated(await startSandbox()));
  server = await observedServer(sandbox, { CRMESH_METRICS_PORT: "0" });
});
afterAll(async () => {
  await server.close();
  for (const gate of gates.values()) await gate.close();
  await sandbox.close();
});

const scrape = (of: Observed = server) => Scrape.of(of.crmesh.metricsOrigin);
/** What `work` adds to the metrics. */
async function added(work: () => Promise<unknown>): Promise<(name: string, labels?: Record<string, string>) => number> {
  const before = await scrape();
  await work();
  const after = await scrape();
  return (name, labels) => after.sum(name, labels) - before.sum(name, labels);
}

describe("the Prometheus endpoint", () => {
  test("counts operations by type and code", async () => {
    const by = await added(async () => {
      await server.query(CONTACTS);
      await server.query(CONTACTS);
      await server.query(CONTACTS, { headers: { "x-sandbox-fault": "hubspot=PROVIDER_AUTH_FAILED" } });
      await server.query('mutation { deleteContact(id: "nonesuch", provider: "hubspot") { id } }');
      await server.query("{ no }");
      await server.query(CONTACTS, { key: "sk_test_nonesuch" });
      await server.fetch("/graphql", { headers: { accept: "text/html" } });
    });
    const operations = (type: string, code: string) =>
      by("crmesh_operations_total", { graphql_operation_type: type, crmesh_code: code });
    expect(operations("query", "OK")).toBe(2);
    expect(operations("query", "PROVIDER_AUTH_FAILED")).toBe(1);
    expect(by("crmesh_operations_total", { graphql_operation_type: "mutation" })).toBe(1);
    expect(operations("none", "GRAPHQL_VALIDATION_FAILED")).toBe(1);
    expect(operations("none", "INVALID_API_KEY")).toBe(1);
    // The page for browsers is a request, and no operation.
    expect(by("crmesh_operations_total")).toBe(6);
    expect(by("http_server_request_duration_seconds_count", { http_route: "/graphql" })).toBe(7);
    expect(by("http_server_request_duration_seconds_count", { http_response_status_code: "401" })).toBe(1);
    expect(by("crmesh_operation_duration_seconds_count", { graphql_operation_type: "query" })).toBe(3);
    expect(by("crmesh_operation_errors_total", { crmesh_code: "PROVIDER_AUTH_FAILED" })).toBe(1);
  });

  test("counts calls by provider, outcome and attempt, as many as the CRM received", async () => {
    const { requests } = gates.get("hubspot")!;
    const earlier = requests.length;
    const by = await added(async () => {
      await server.query(CONTACTS);
      await server.query(CONTACTS, { headers: { "x-sandbox-fault": "hubspot=PROVIDER_UNAVAILABLE" } });
    });
    const calls = (labels: Record<string, string>) =>
      by("crmesh_upstream_calls_total", { crmesh_provider: "hubspot", ...labels });
    expect(calls({})).toBe(requests.length - earlier);
    expect(calls({ crmesh_outcome: "OK", crmesh_attempt: "1" })).toBe(1);
    for (const attempt of ["1", "2", "3"]) {
      expect(calls({ crmesh_outcome: "PROVIDER_UNAVAILABLE", crmesh_attempt: attempt })).toBe(1);
    }
    const labels = { crmesh_provider: "hubspot", crmesh_outcome: "PROVIDER_UNAVAILABLE" };
    expect(by("crmesh_upstream_call_duration_seconds_count", labels)).toBe(3);
    expect(by("crmesh_upstream_wait_duration_seconds_count", { crmesh_provider: "hubspot" })).toBe(4);
    // Two pauses before retries, of at least 50 and 100 ms.
    expect(by("crmesh_upstream_wait_duration_seconds_sum", { crmesh_provider: "hubspot" })).toBeGreaterThan(0.14);
  });

  test("shows calls that are under way, and calls that wait for a place", async () => {
    const gate = gates.get("pipedrive")!;
    const held = gate.hold();
    // One account has at most ten calls under way.
    const running = Array.from({ length: 12 }, (_, index) =>
      server.query(`{ contacts(provider: "pipedrive", first: ${index + 1}) { nodes { id } } }`),
    );
    await held;
    const labels = { crmesh_provider: "pipedrive" };
    const full = await eventually(async () => {
      const now = await scrape();
      const queued = now.sum("crmesh_upstream_queue_length", { ...labels, crmesh_queue: "bulkhead" });
      return now.sum("crmesh_upstream_active_calls", labels) + queued === 12 ? { now, queued } : undefined;
    });
    expect(full.queued).toBeGreaterThan(0);
    expect(full.now.sum("http_server_active_requests")).toBe(12);
    gate.release();
    await Promise.all(running);
    const after = await scrape();
    expect(after.sum("crmesh_upstream_active_calls", labels)).toBe(0);
    expect(after.sum("crmesh_upstream_queue_length", labels)).toBe(0);
  });

  test("shows the rate budget that a CRM states", async () => {
    await server.query(CONTACTS);
    const [left, ...others] = (await scrape()).of("crmesh_upstream_rate_budget_ratio", { crmesh_provider: "hubspot" });
    expect(others).toEqual([]);
    expect(left!.value).toBeGreaterThan(0.5);
    expect(left!.value).toBeLessThan(1);
  });

  test("counts refreshes, and connections by status", async () => {
    const active = { crmesh_status: "ACTIVE", crmesh_environment: "test", crmesh_provider: "salesforce" };
    const by = await added(async () => {
      await server.query(`{ contacts(provider: "salesforce", first: 1) { nodes { id } } }`, {
        headers: { "x-sandbox-fault": "salesforce=NEEDS_REAUTH" },
      });
    });
    expect(by("crmesh_refreshes_total", { crmesh_provider: "salesforce", crmesh_outcome: "NEEDS_REAUTH" })).toBe(1);
    expect(by("crmesh_refresh_duration_seconds_count", { crmesh_provider: "salesforce" })).toBe(1);
    expect((await scrape()).sum("crmesh_connections", active)).toBe(1);
  });

  test("shows the process and its database", async () => {
    const now = await scrape();
    expect(now.sum("process_memory_usage_bytes")).toBeGreaterThan(10_000_000);
    expect(now.sum("v8js_memory_heap_used_bytes")).toBeGreaterThan(1_000_000);
    expect(now.sum("process_cpu_time_seconds_total")).toBeGreaterThan(0);
    expect(now.of("nodejs_eventloop_delay_p99_seconds")[0]!.value).toBeGreaterThanOrEqual(0);
    const read = { db_operation_name: "SELECT", db_collection_name: "connection" };
    expect(now.sum("db_client_operation_duration_seconds_count", read)).toBeGreaterThan(0);
  });

  test("has buckets that add up", async () => {
    const now = await scrape();
    const histograms = [...now.types].filter(([, type]) => type === "histogram").map(([name]) => name);
    expect(histograms.length).toBeGreaterThanOrEqual(6);
    for (const name of histograms) {
      for (const { labels, value } of now.of(`${name}_count`)) {
        const buckets = now
          .of(`${name}_bucket`, labels)
          .filter((sample) => Object.keys(sample.labels).length === Object.keys(labels).length + 1);
        const counts = buckets.map((bucket) => bucket.value);
        expect(counts).toEqual(counts.toSorted((one, other) => one - other));
        expect(buckets.at(-1)).toMatchObject({ labels: { le: "+Inf" }, value });
      }
    }
  });

  test("has no label of a tenant, a record or a URL", async () => {
    const known = new Set([
      "le",
      ...Object.values(METRICS).flatMap(({ labels }) => labels.map((label) => label.replaceAll(".", "_"))),
    ]);
    const now = await scrape();
    const others = now.samples
      .filter(({ name }) => name !== "target_info")
      .flatMap(({ labels }) => Object.keys(labels));
    expect(others.filter((label) => !known.has(label))).toEqual([]);
    expect(JSON.stringify(now.samples)).not.toMatch(/con_|ws_|key_|eu_|demo|127\.0\.0\.1/);
  });

  test("has every metric of the table, except those about what has not happened", async () => {
    const now = await scrape();
    const missing = Object.values(METRICS)
      .filter(({ name, unit, kind }) => !now.types.has(prometheusName(name, unit, PROMETHEUS_KINDS[kind])))
      .map(({ name }) => name);
    expect(missing).toEqual([
      "crmesh.upstream.refusals",
      "crmesh.circuits",
      "crmesh.circuit.openings",
      "crmesh.workers",
      "crmesh.worker.restarts",
      "crmesh.limits.shared",
      "crmesh.telemetry.export.failures",
    ]);
  });

  test("is at its own port and path only", async () => {
    const { metricsOrigin, origin } = server.crmesh;
    expect(metricsOrigin).not.toBe(origin);
    expect((await fetch(`${metricsOrigin}/graphql`)).status).toBe(404);
    expect((await fetch(`${metricsOrigin}/metrics`, { method: "POST" })).status).toBe(405);
    expect((await server.fetch("/metrics")).status).toBe(404);
  });
});

test("labels by tenant come if the operator asks for them", async () => {
  const labelled = await observedServer(sandbox, {
    CRMESH_METRICS_PORT: "0",
    CRMESH_METRICS_LABELS: "workspace,connection",
  });
  await labelled.query(CONTACTS);
  const now = await scrape(labelled);
  const ids = {
    crmesh_workspace_id: expect.stringMatching(/^ws_/),
    crmesh_connection_id: expect.stringMatching(/^con_/),
  };
  expect(now.of("crmesh_upstream_calls_total").map(({ labels }) => labels)).toMatchObject([ids]);
  expect(now.of("crmesh_operations_total")[0]!.labels).toHaveProperty("crmesh_workspace_id");
  expect(now.of("crmesh_upstream_rate_budget_ratio")[0]!.labels).toHaveProperty("crmesh_connection_id");
  expect(JSON.stringify(now.of("http_server_request_duration_seconds_count"))).not.toMatch(/ws_/);
  await labelled.close();
  await expect(fetch(`${labelled.crmesh.metricsOrigin}/metrics`)).rejects.toThrow();
});

test("an open circuit is counted, shown, and found in the trace of the request that it refuses", async () => {
  const collector = await OtlpCollector.start();
  const broken = await observedServer(
    sandbox,
    { CRMESH_METRICS_PORT: "0", OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: "1" },
    { circuit: { failures: 1 } },
  );
  await broken.query(CONTACTS, { headers: { "x-sandbox-fault": "hubspot=PROVIDER_UNAVAILABLE" } });
  const { body } = await broken.query(CONTACTS, { headers: { "x-request-id": "refused-1" } });
  expect(body.errors!.map(({ extensions }) => extensions.code)).toEqual(["CIRCUIT_OPEN"]);

  const now = await scrape(broken);
  const ofConnection = { crmesh_provider: "hubspot", crmesh_level: "connection" };
  expect(now.sum("crmesh_circuit_openings_total", ofConnection)).toBe(1);
  expect(now.sum("crmesh_circuits", { ...ofConnection, crmesh_state: "open" })).toBe(1);
  expect(now.sum("crmesh_upstream_refusals_total", { crmesh_provider: "hubspot", crmesh_code: "CIRCUIT_OPEN" })).toBe(
    1,
  );

  const { spans } = await collector.trace("refused-1");
  const refused = spans.find(({ attributes }) => attributes["crmesh.attempt"] === 0)!;
  expect(refused).toMatchObject({ failed: true, kind: "internal", attributes: { "error.type": "CIRCUIT_OPEN" } });
  await broken.close();
  await collector.close();
});

test("the collector gets the same metrics as Prometheus, by the same names", async () => {
  const collector = await OtlpCollector.start();
  const both = await observedServer(sandbox, {
    CRMESH_METRICS_PORT: "0",
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.endpoint}/v1/metrics`,
    OTEL_METRIC_EXPORT_INTERVAL: "3600000",
  });
  await both.query(CONTACTS);
  const scraped = await scrape(both);
  await both.close();
  const pushed = [...collector.points.values()];
  const names = new Set(
    pushed.map(({ name, unit }) => {
      const definition = Object.values(METRICS).find((metric) => metric.name === name)!;
      expect(unit).toBe(definition.unit);
      return prometheusName(name, unit, PROMETHEUS_KINDS[definition.kind]);
    }),
  );
  expect([...scraped.types.keys()].filter((name) => name !== "target_info").filter((name) => !names.has(name))).toEqual(
    [],
  );
  const calls = pushed.filter(({ name }) => name === "crmesh.upstream.calls");
  expect(calls).toMatchObject([
    { attributes: { "crmesh.provider": "hubspot", "crmesh.outcome": "OK", "crmesh.attempt": 1 }, value: 1 },
  ]);
  await collector.close();
});
