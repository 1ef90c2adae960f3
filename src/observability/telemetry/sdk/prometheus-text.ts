import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";

/** The media type of Prometheus' text format. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** UCUM → the suffix of the name, as OpenTelemetry's specification of compatibility with Prometheus says. */
const SUFFIXES: Readonly<Record<string, string>> = { s: "seconds", By: "bytes", "1": "ratio" };

type Labels = readonly (readonly [name: string, value: string])[];

/**
 * Writes metrics in Prometheus' text format. The names are those that Prometheus gives to metrics that it receives by
 * OTLP, so that one dashboard serves both.
 * @param common labels of all samples
 */
export function prometheusText({ resource, scopeMetrics }: ResourceMetrics, common: Labels = []): string {
  const lines = ["# HELP target_info Resource of the process.", "# TYPE target_info gauge"];
  lines.push(sample("target_info", labelsOf(resource.attributes, common), 1));
  for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) lines.push(...linesOf(metric, common));
  return `${lines.join("\n")}\n`;
}

/** The name that Prometheus has for a metric. @param kind decides about the suffixes */
export function prometheusName(name: string, unit: string, kind: "counter" | "gauge" | "other"): string {
  const plain = name.replace(/[^a-zA-Z0-9_:]/g, "_");
  // A ratio is a suffix of gauges only.
  const suffix = unit === "1" && kind !== "gauge" ? undefined : SUFFIXES[unit];
  const withUnit = suffix === undefined || plain.endsWith(`_${suffix}`) ? plain : `${plain}_${suffix}`;
  return kind === "counter" ? `${withUnit}_total` : withUnit;
}

function linesOf(metric: MetricData, common: Labels): string[] {
  const { name, unit, description } = metric.descriptor;
  switch (metric.dataPointType) {
    case DataPointType.SUM: {
      const full = prometheusName(name, unit, metric.isMonotonic ? "counter" : "other");
      const points = metric.dataPoints.map(({ attributes, value }) =>
        sample(full, labelsOf(attributes, common), value),
      );
      return [...head(full, metric.isMonotonic ? "counter" : "gauge", description), ...points];
    }
    case DataPointType.GAUGE: {
      const full = prometheusName(name, unit, "gauge");
      const points = metric.dataPoints.map(({ attributes, value }) =>
        sample(full, labelsOf(attributes, common), value),
      );
      return [...head(full, "gauge", description), ...points];
    }
    case DataPointType.HISTOGRAM: {
      const full = prometheusName(name, unit, "other");
      return [
        ...head(full, "histogram", description),
        ...metric.dataPoints.flatMap(({ attributes, value: { buckets, sum = 0, count } }) => {
          const labels = labelsOf(attributes, common);
          let below = 0;
          const counts = buckets.counts.map((inBucket, index) => {
            below += inBucket;
            const bound = buckets.boundaries[index];
            return sample(`${full}_bucket`, [...labels, ["le", bound === undefined ? "+Inf" : String(bound)]], below);
          });
          return [...counts, sample(`${full}_sum`, labels, sum), sample(`${full}_count`, labels, count)];
        }),
      ];
    }
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      // crmesh has no histograms of this kind, and the text format cannot carry them.
      return [];
  }
}

function head(name: string, type: string, description: string): string[] {
  return [`# HELP ${name} ${description.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`, `# TYPE ${name} ${type}`];
}

function labelsOf(attributes: Readonly<Record<string, unknown>>, common: Labels): Labels {
  const own = Object.entries(attributes).map(
    ([name, value]) => [name.replace(/[^a-zA-Z0-9_]/g, "_"), String(value)] as const,
  );
  return [...own, ...common];
}

function sample(name: string, labels: Labels, value: number): string {
  const escaped = labels.map(
    ([label, text]) => `${label}="${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`,
  );
  return `${name}${escaped.length === 0 ? "" : `{${escaped.join(",")}}`} ${numberOf(value)}`;
}

function numberOf(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
