import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type IMetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from "@opentelemetry/sdk-trace";
import type { MetricPushSettings, TelemetrySettings, TraceSettings } from "../settings.js";
import type { RunningTelemetry, TelemetryOptions } from "../telemetry.js";
import { ExportFailures } from "./export-failures.js";
import { SdkMeters } from "./meters.js";
import { observeProcess } from "./process-metrics.js";
import { PrometheusEndpoint } from "./prometheus-endpoint.js";
import { SdkTracing } from "./tracing.js";

/** Milliseconds that a stop waits for a collector that does not take the last data. */
const FLUSH_MS = 3_000;
/** Name of crmesh's meter and tracer. */
const SCOPE = "crmesh";

/**
 * Starts OpenTelemetry as the settings say. Nothing is registered globally, so a process can have several servers.
 * @throws Error if the port of the Prometheus endpoint is in use
 */
export async function startSdk(
  settings: TelemetrySettings,
  { host, version, logger, worker, listens = true, others }: TelemetryOptions,
): Promise<RunningTelemetry> {
  const resource = resourceOf(settings, version);
  const failures = new ExportFailures(logger);
  const prometheus = settings.prometheusPort === null ? null : new PrometheusEndpoint({ logger, worker, others });
  const readers: IMetricReader[] = prometheus ? [prometheus] : [];
  if (settings.metrics) readers.push(pushing(settings.metrics, failures));

  const meterProvider = readers.length === 0 ? null : new MeterProvider({ resource, readers });
  const onError = (err: unknown) => logger.warn({ err }, "A metric cannot be read");
  const meters = meterProvider && new SdkMeters(meterProvider.getMeter(SCOPE), settings.tenantLabels, onError);
  const stopObserving = meters ? observeProcess(meters) : () => undefined;
  if (meters) failures.countIn(meters);

  const tracerProvider = settings.traces && tracingTo(settings.traces, resource, failures);
  const close = async () => {
    const last = Promise.allSettled([meterProvider?.shutdown(), tracerProvider?.shutdown()]);
    const left = new AbortController();
    const bound = delay(FLUSH_MS, "LATE" as const, { signal: left.signal }).catch(() => null);
    if ((await Promise.race([last, bound])) === "LATE") {
      logger.warn("The OpenTelemetry collector did not take the last data in time");
    }
    left.abort();
    stopObserving();
  };
  let closing: Promise<void> | null = null;
  try {
    const metricsOrigin = prometheus && listens ? await prometheus.listen(settings.prometheusPort!, host) : null;
    return {
      meters,
      tracing: tracerProvider && new SdkTracing(tracerProvider.getTracer(SCOPE)),
      metricsOrigin,
      metricsText: prometheus && (() => prometheus.text()),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function pushing({ url, intervalMs, exportTimeoutMs, requestTimeoutMs }: MetricPushSettings, failures: ExportFailures) {
  const exporter = new OTLPMetricExporter({ url, timeoutMillis: requestTimeoutMs });
  return new PeriodicExportingMetricReader({
    exporter: failures.watch("metrics", exporter),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
}

function tracingTo(settings: TraceSettings, resource: Resource, failures: ExportFailures): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: settings.url, timeoutMillis: settings.requestTimeoutMs });
  const processor = new BatchSpanProcessor({
    exporter: failures.watch("traces", exporter),
    scheduledDelayMillis: settings.delayMs,
    exportTimeoutMillis: settings.exportTimeoutMs,
    maxQueueSize: settings.maxQueue,
    maxExportBatchSize: settings.maxBatch,
  });
  return new TracerProvider({ resource, sampler: samplerOf(settings), spanProcessors: [processor] });
}

function samplerOf({ sampler, ratio }: TraceSettings): Sampler {
  const roots: Record<string, Sampler> = {
    always_on: new AlwaysOnSampler(),
    always_off: new AlwaysOffSampler(),
    traceidratio: new TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[sampler.replace("parentbased_", "")]!;
  return sampler.startsWith("parentbased_") ? new ParentBasedSampler({ root }) : root;
}

function resourceOf({ resource }: TelemetrySettings, version: string): Resource {
  const own = { "service.name": "crmesh", "service.version": version, "service.instance.id": randomUUID() };
  return defaultResource().merge(resourceFromAttributes({ ...own, ...resource }));
}
