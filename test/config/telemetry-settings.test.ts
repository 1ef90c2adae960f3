import { describe, expect, test } from "@jest/globals";
import { ConfigError, readConfig } from "../../src/config.js";
import { providers } from "../../src/providers/index.js";

const COLLECTOR = "http://collector:4318";
const read = (variables: Record<string, string>) => readConfig(variables, providers).telemetry;

describe("telemetry is off", () => {
  test.each<Record<string, string>>([
    {},
    { OTEL_SERVICE_NAME: "crmesh", OTEL_TRACES_SAMPLER: "always_on", OTEL_METRIC_EXPORT_INTERVAL: "1000" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "", CRMESH_METRICS_PORT: "" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, CRMESH_METRICS_PORT: "9464", OTEL_SDK_DISABLED: "TRUE" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR, OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" },
  ])("with %j", (variables) => {
    expect(read(variables)).toBeNull();
  });
});

describe("the endpoint", () => {
  test.each(["", "/"])("of both signals gets their paths (%j)", (end) => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${COLLECTOR}/otlp${end}` })).toMatchObject({
      traces: { url: `${COLLECTOR}/otlp/v1/traces` },
      metrics: { url: `${COLLECTOR}/otlp/v1/metrics` },
      prometheusPort: null,
    });
  });

  test("of one signal is taken as it is, and the other signal stays off", () => {
    const settings = read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${COLLECTOR}/here`, OTEL_METRICS_EXPORTER: "otlp" });
    expect(settings).toMatchObject({ traces: { url: `${COLLECTOR}/here` }, metrics: null });
  });

  test("of one signal has precedence, and a signal can be turned off", () => {
    const settings = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "https://other/metrics",
      OTEL_TRACES_EXPORTER: "none",
    });
    expect(settings).toMatchObject({ traces: null, metrics: { url: "https://other/metrics" } });
  });
});

test("time-outs, sampler, resource and labels are those of the variables", () => {
  const settings = read({
    OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_TIMEOUT: "100",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "200",
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_BSP_MAX_QUEUE_SIZE: "100",
    OTEL_SERVICE_NAME: "mesh",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=ignored, region=eu%2Cwest",
    CRMESH_METRICS_PORT: "9464",
    CRMESH_METRICS_LABELS: "workspace, connection",
  });
  expect(settings).toMatchObject({
    resource: { "service.name": "mesh", region: "eu,west" },
    traces: { sampler: "traceidratio", ratio: 0.25, requestTimeoutMs: 200, maxQueue: 100, maxBatch: 100 },
    // An export must not take longer than the interval.
    metrics: { intervalMs: 1000, exportTimeoutMs: 1000, requestTimeoutMs: 100 },
    prometheusPort: 9464,
    tenantLabels: new Set(["workspace", "connection"]),
  });
});

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "http or https URL"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTLP over HTTP only"],
  ["OTEL_TRACES_SAMPLER", "jaeger_remote", "always_on"],
  ["OTEL_TRACES_SAMPLER_ARG", "2", "1"],
  ["OTEL_RESOURCE_ATTRIBUTES", "hunter2", "name=value"],
  ["OTEL_RESOURCE_ATTRIBUTES", "a=%E0%A4%A", "percent-encoded"],
  ["OTEL_METRIC_EXPORT_INTERVAL", "0", "1"],
  ["CRMESH_METRICS_PORT", "70000", "65535"],
  ["CRMESH_METRICS_LABELS", "endUser", "workspace or connection"],
])("%s=%s is refused by a sentence without the value", (name, value, problem) => {
  const refusal = () => read({ [name]: value });
  expect(refusal).toThrow(ConfigError);
  expect(refusal).toThrow(new RegExp(`^${name} has an invalid value: .*${problem}.*\\.$`));
  if (value.length > 4) expect(refusal).not.toThrow(value);
});
