import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { BuiltProgram } from "../support/built-program.js";
import { newDataFolder } from "../support/data-folder.js";
import { OtlpCollector } from "../support/otlp-collector.js";
import { CrmeshProcess } from "../support/processes.js";

/** Writes the URL of each module of OpenTelemetry that is loaded to standard error. */
const LISTING = `import { registerHooks } from "node:module";
registerHooks({
  load(url, context, next) {
    if (url.includes("/@opentelemetry/") || url.includes("/telemetry/sdk/")) console.error("LOADED " + url);
    return next(url, context);
  },
});`;

let program: BuiltProgram;
let dataDir: string;
let listing: string;
let collector: OtlpCollector;
let running: CrmeshProcess | null = null;

beforeAll(async () => {
  program = await BuiltProgram.build();
  dataDir = await newDataFolder();
  listing = join(dataDir, "listing.mjs");
  await writeFile(listing, LISTING);
});
afterAll(async () => {
  await program.remove();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  collector = await OtlpCollector.start();
});
afterEach(async () => {
  if (running?.ended === null) await running.kill();
  await collector.close();
});

function serve(variables: Record<string, string>): CrmeshProcess {
  running = new CrmeshProcess(
    program.main,
    ["serve"],
    { PORT: "0", CRMESH_DATA_DIR: dataDir, CRMESH_LOG_LEVEL: "info", ...variables },
    ["--import", pathToFileURL(listing).href],
  );
  return running;
}

async function ask(origin: string): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_demo", "x-end-user-id": "demo", "content-type": "application/json" },
    body: JSON.stringify({ query: `{ contacts(provider: "hubspot", first: 1) { nodes { fullName } } }` }),
  });
  return await response.json();
}

const ANSWER = { data: { contacts: { nodes: [{ fullName: expect.any(String) }] } } };

test("without its variables, nothing of OpenTelemetry is loaded", async () => {
  const server = serve({ OTEL_SERVICE_NAME: "crmesh", OTEL_METRIC_EXPORT_INTERVAL: "1000" });
  expect(await ask(await server.origin)).toEqual(ANSWER);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(server.output).not.toContain("LOADED ");
});

test("OTEL_SDK_DISABLED turns everything off", async () => {
  const server = serve({ OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  expect(await ask(await server.origin)).toEqual(ANSWER);
  await server.stop();
  expect(server.output).not.toContain("LOADED ");
  expect(collector.requests).toBe(0);
});

test("a stop sends what is left", async () => {
  const server = serve({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  expect(await ask(await server.origin)).toEqual(ANSWER);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(server.output).toContain("LOADED ");
  expect(collector.spans.map(({ name }) => name)).toEqual(expect.arrayContaining(["POST /graphql", "query"]));
  expect([...collector.points.values()].map(({ name }) => name)).toContain("crmesh.operations");
});

test.each(["HANG", "REFUSE"] as const)("a collector that does %s harms no request and no stop", async (mode) => {
  collector.mode = mode;
  const server = serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: "1",
    OTEL_METRIC_EXPORT_INTERVAL: "50",
  });
  const origin = await server.origin;
  expect(await ask(origin)).toEqual(ANSWER);
  await collector.receives(() => collector.requests > 1);
  expect(await ask(origin)).toEqual(ANSWER);
  // The process would wait for a collector that hangs for 10 s and longer. It ends after 3.
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(server.output).not.toMatch(/Unhandled|Uncaught/);
  const said = mode === "HANG" ? "did not take the last data in time" : "does not take the data";
  expect(server.output).toContain(`The OpenTelemetry collector ${said}`);
});

test("a collector that is away harms no request and no stop, and is logged once", async () => {
  const { endpoint } = collector;
  await collector.close();
  const server = serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_TIMEOUT: "100",
    OTEL_BSP_SCHEDULE_DELAY: "1",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRIC_EXPORT_INTERVAL: "50",
    CRMESH_METRICS_PORT: "0",
  });
  const origin = await server.origin;
  for (let failures = 0; failures < 3;) {
    expect(await ask(origin)).toEqual(ANSWER);
    const metricsOrigin =
      /"metricsOrigin":"([^"]+)"/.exec(server.output)?.[1] ?? /metricsOrigin: (\S+)/.exec(server.output)![1];
    const text = await (await fetch(`${metricsOrigin}/metrics`)).text();
    failures = Number(/crmesh_telemetry_export_failures_total\{crmesh_signal="metrics"\} (\d+)/.exec(text)?.[1] ?? 0);
  }
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  expect(server.output.match(/collector does not take the data/g)).toHaveLength(1);
});

test("a port that is in use is told, and the process ends", async () => {
  const server = serve({ CRMESH_METRICS_PORT: new URL(collector.endpoint).port });
  expect(await server.exited).toMatchObject({ code: 1 });
  expect(server.errors).toContain("EADDRINUSE");
});
