import { z } from "zod";

/** The most metrics labels that grow with tenants, in the order of `CRMESH_METRICS_LABELS`. */
export const TENANT_LABELS = ["workspace", "connection"] as const;
export type TenantLabel = (typeof TENANT_LABELS)[number];

export const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** Where traces go, and how often. All times are milliseconds. */
export interface TraceSettings {
  url: string;
  sampler: (typeof SAMPLERS)[number];
  /** The share of sampled traces, 0 to 1. */
  ratio: number;
  delayMs: number;
  exportTimeoutMs: number;
  /** For one request to the collector, its repetitions included. */
  requestTimeoutMs: number;
  maxQueue: number;
  maxBatch: number;
}

/** Where metrics are pushed, and how often. All times are milliseconds. */
export interface MetricPushSettings {
  url: string;
  intervalMs: number;
  exportTimeoutMs: number;
  /** For one request to the collector, its repetitions included. */
  requestTimeoutMs: number;
}

export interface TelemetrySettings {
  /** Resource attributes, `service.name` included if it is set. */
  resource: Readonly<Record<string, string>>;
  traces: TraceSettings | null;
  metrics: MetricPushSettings | null;
  /** Port of the Prometheus endpoint. 0 takes a free one. Null: there is none. */
  prometheusPort: number | null;
  tenantLabels: ReadonlySet<TenantLabel>;
}

const integer = (from: number, to: number) => z.coerce.number().int().min(from).max(to);
const MAX_MS = 3_600_000;
const endpoint = z.url({ protocol: /^https?$/, error: "expected an http or https URL" }).optional();
const protocol = z
  .enum(["http/json", "http/protobuf"], { error: "crmesh sends OTLP over HTTP only, expected http/json" })
  .optional();

/** The variables of OpenTelemetry that crmesh reads itself. Its exporters read further ones, e.g. for headers and TLS. */
export const TELEMETRY_VARIABLES = {
  CRMESH_METRICS_PORT: integer(0, 65_535).optional(),
  CRMESH_METRICS_LABELS: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(z.array(z.enum(TENANT_LABELS, { error: `expected ${TENANT_LABELS.join(" or ")}, separated by commas` })))
    .optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().transform(readPairs).optional(),
  OTEL_TRACES_EXPORTER: z.string().default("otlp"),
  OTEL_METRICS_EXPORTER: z.string().default("otlp"),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TIMEOUT: integer(1, MAX_MS).default(10_000),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: integer(1, MAX_MS).optional(),
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: integer(1, MAX_MS).optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, { error: `expected ${SAMPLERS.join(", ")}` }).default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: integer(1, MAX_MS).default(5_000),
  OTEL_BSP_EXPORT_TIMEOUT: integer(1, MAX_MS).default(30_000),
  OTEL_BSP_MAX_QUEUE_SIZE: integer(1, 1_000_000).default(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer(1, 100_000).default(512),
  OTEL_METRIC_EXPORT_INTERVAL: integer(1, MAX_MS).default(60_000),
  OTEL_METRIC_EXPORT_TIMEOUT: integer(1, MAX_MS).default(30_000),
};

type Values = z.output<z.ZodObject<typeof TELEMETRY_VARIABLES>>;

/** Returns null if no variable turns telemetry on. */
export function telemetrySettings(values: Values): TelemetrySettings | null {
  if (values.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") return null;
  const traces = tracesOf(values);
  const metrics = metricsOf(values);
  const prometheusPort = values.CRMESH_METRICS_PORT ?? null;
  if (!traces && !metrics && prometheusPort === null) return null;
  const serviceName = values.OTEL_SERVICE_NAME;
  return {
    resource: {
      ...values.OTEL_RESOURCE_ATTRIBUTES,
      ...(serviceName === undefined ? {} : { "service.name": serviceName }),
    },
    traces,
    metrics,
    prometheusPort,
    tenantLabels: new Set(values.CRMESH_METRICS_LABELS),
  };
}

function tracesOf(values: Values): TraceSettings | null {
  const url = urlOf(values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, values.OTEL_EXPORTER_OTLP_ENDPOINT, "v1/traces");
  if (url === null || !exportsOtlp(values.OTEL_TRACES_EXPORTER)) return null;
  return {
    url,
    sampler: values.OTEL_TRACES_SAMPLER,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
    delayMs: values.OTEL_BSP_SCHEDULE_DELAY,
    exportTimeoutMs: values.OTEL_BSP_EXPORT_TIMEOUT,
    requestTimeoutMs: values.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? values.OTEL_EXPORTER_OTLP_TIMEOUT,
    maxQueue: values.OTEL_BSP_MAX_QUEUE_SIZE,
    maxBatch: Math.min(values.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, values.OTEL_BSP_MAX_QUEUE_SIZE),
  };
}

function metricsOf(values: Values): MetricPushSettings | null {
  const url = urlOf(values.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, values.OTEL_EXPORTER_OTLP_ENDPOINT, "v1/metrics");
  if (url === null || !exportsOtlp(values.OTEL_METRICS_EXPORTER)) return null;
  const intervalMs = values.OTEL_METRIC_EXPORT_INTERVAL;
  return {
    url,
    intervalMs,
    exportTimeoutMs: Math.min(values.OTEL_METRIC_EXPORT_TIMEOUT, intervalMs),
    requestTimeoutMs: values.OTEL_EXPORTER_OTLP_METRICS_TIMEOUT ?? values.OTEL_EXPORTER_OTLP_TIMEOUT,
  };
}

/** The endpoint of one signal is taken as it is. The common one gets the signal's path. */
function urlOf(own: string | undefined, common: string | undefined, path: string): string | null {
  if (own !== undefined) return own;
  return common === undefined ? null : `${common.replace(/\/$/, "")}/${path}`;
}

function exportsOtlp(exporters: string): boolean {
  return exporters.split(",").some((name) => name.trim() === "otlp");
}

/** Reads `name=value,name=value`, with percent-encoded values. */
function readPairs(text: string, context: z.RefinementCtx): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  try {
    return Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf("=");
        if (at < 1) throw new URIError("no name");
        return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
      }),
    );
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    context.addIssue("expected name=value, separated by commas, with percent-encoded values");
    return z.NEVER;
  }
}
