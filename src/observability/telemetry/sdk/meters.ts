import type { Attributes, Counter, Histogram, Meter, ObservableGauge } from "@opentelemetry/api";
import {
  METRICS,
  SECONDS,
  type CounterId,
  type HistogramId,
  type LabelsOf,
  type Meters,
  type MetricId,
  type ObservedId,
  type Reading,
  type TenantIds,
} from "../metrics.js";
import type { TenantLabel } from "../settings.js";

/** Writes the metrics of the table to instruments of OpenTelemetry. */
export class SdkMeters implements Meters {
  readonly tenantLabels: ReadonlySet<TenantLabel>;
  readonly #meter: Meter;
  readonly #onError: (error: unknown) => void;
  readonly #counters = new Map<MetricId, Counter>();
  readonly #histograms = new Map<MetricId, Histogram>();

  /** @param onError learns why a metric could not be read; the others are collected all the same */
  constructor(meter: Meter, tenantLabels: ReadonlySet<TenantLabel>, onError: (error: unknown) => void) {
    this.#meter = meter;
    this.tenantLabels = tenantLabels;
    this.#onError = onError;
    for (const id of Object.keys(METRICS) as MetricId[]) {
      const { name, kind, unit, description } = METRICS[id];
      if (kind === "counter") this.#counters.set(id, meter.createCounter(name, { unit, description }));
      if (kind === "histogram") {
        const advice = { explicitBucketBoundaries: [...SECONDS] };
        this.#histograms.set(id, meter.createHistogram(name, { unit, description, advice }));
      }
    }
  }

  count<Id extends CounterId>(id: Id, labels: LabelsOf<Id>, tenant?: TenantIds, amount = 1): void {
    this.#counters.get(id)!.add(amount, this.#attributes(id, labels, tenant));
  }

  time<Id extends HistogramId>(id: Id, seconds: number, labels: LabelsOf<Id>): void {
    this.#histograms.get(id)!.record(seconds, this.#attributes(id, labels));
  }

  observe<Id extends ObservedId>(id: Id, read: () => Iterable<Reading<Id>> | Promise<Iterable<Reading<Id>>>): void {
    this.#observable(id).addCallback(async (result) => {
      try {
        for (const { value, labels, tenant } of await read()) {
          result.observe(value, this.#attributes(id, labels, tenant));
        }
      } catch (error) {
        this.#onError(error);
      }
    });
  }

  #observable(id: ObservedId): ObservableGauge {
    const { name, kind, unit, description } = METRICS[id];
    switch (kind) {
      case "gauge":
        return this.#meter.createObservableGauge(name, { unit, description });
      case "sum":
        return this.#meter.createObservableUpDownCounter(name, { unit, description });
      case "total":
        return this.#meter.createObservableCounter(name, { unit, description });
    }
  }

  #attributes<Id extends MetricId>(id: Id, labels: LabelsOf<Id>, tenant?: TenantIds): Attributes {
    const attributes: Attributes = {};
    for (const [name, value] of Object.entries<string | number | undefined>(labels)) {
      if (value !== undefined) attributes[name] = value;
    }
    if (!tenant || this.tenantLabels.size === 0) return attributes;
    const allowed: readonly TenantLabel[] = (METRICS[id] as { tenant?: readonly TenantLabel[] }).tenant ?? [];
    for (const label of allowed) {
      const value = tenant[label];
      if (this.tenantLabels.has(label) && value) attributes[`crmesh.${label}.id`] = value;
    }
    return attributes;
  }
}
