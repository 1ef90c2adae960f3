import type { ExportResult } from "@opentelemetry/core";
import { ExportResultCode } from "@opentelemetry/core";
import type { Logger } from "../../logger.js";
import type { Meters } from "../metrics.js";

/** Milliseconds between two log lines about the same signal: a collector that is away fails every few seconds. */
const LOG_INTERVAL_MS = 60_000;

export type Signal = "traces" | "metrics";

/** Counts and logs the exports that a collector did not take. OpenTelemetry itself would say nothing. */
export class ExportFailures {
  readonly #logger: Logger;
  readonly #loggedAt = new Map<Signal, number>();
  #meters: Meters | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  countIn(meters: Meters): void {
    this.#meters = meters;
  }

  /** Makes an exporter report its failures here. */
  watch<Batch, Exporter extends { export(batch: Batch, done: (result: ExportResult) => void): void }>(
    signal: Signal,
    exporter: Exporter,
  ): Exporter {
    const send = exporter.export.bind(exporter);
    exporter.export = (batch, done) =>
      send(batch, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) this.#note(signal, result.error);
        done(result);
      });
    return exporter;
  }

  #note(signal: Signal, error: Error | undefined): void {
    this.#meters?.count("exportFailures", { "crmesh.signal": signal });
    const now = performance.now();
    if (now - (this.#loggedAt.get(signal) ?? -Infinity) < LOG_INTERVAL_MS) return;
    this.#loggedAt.set(signal, now);
    // The message may repeat the collector's answer, so only the kind of the failure is logged.
    const { name, code } = (error ?? {}) as { name?: string; code?: unknown };
    this.#logger.warn({ signal, failure: code ?? name }, "The OpenTelemetry collector does not take the data");
  }
}
