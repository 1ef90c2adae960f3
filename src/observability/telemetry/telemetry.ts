import type { Logger } from "../logger.js";
import type { Meters } from "./metrics.js";
import type { Tracing } from "./tracing.js";

/** Metrics and traces of one server. What is null is off, and costs its users one comparison. */
export interface Telemetry {
  readonly meters: Meters | null;
  readonly tracing: Tracing | null;
}

export const NO_TELEMETRY: Telemetry = { meters: null, tracing: null };

export interface TelemetryOptions {
  /** Address on which the Prometheus endpoint listens. */
  host: string;
  /** The version of crmesh. */
  version: string;
  logger: Logger;
  /** Value of the label `worker` in Prometheus' text. Without it, there is no such label. */
  worker?: string;
  /** False if another process answers Prometheus. True by default. */
  listens?: boolean;
  /** The texts of other processes, which the Prometheus endpoint answers besides its own. */
  others?: () => Promise<readonly string[]>;
}

export interface RunningTelemetry extends Telemetry {
  /** Origin of the Prometheus endpoint. Null without one. */
  readonly metricsOrigin: string | null;
  /** Returns the metrics in Prometheus' text format. Null if `CRMESH_METRICS_PORT` is not set. */
  readonly metricsText: (() => Promise<string>) | null;
  /** Sends what is left, within a few seconds, and closes the endpoint. Never throws. */
  close(): Promise<void>;
}
