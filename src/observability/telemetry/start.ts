import type { TelemetrySettings } from "./settings.js";
import { NO_TELEMETRY, type RunningTelemetry, type TelemetryOptions } from "./telemetry.js";

const OFF: RunningTelemetry = {
  ...NO_TELEMETRY,
  metricsOrigin: null,
  metricsText: null,
  close: () => Promise.resolve(),
};

/**
 * Starts the metrics and traces that the settings ask for. Without settings, nothing of OpenTelemetry is loaded.
 * @throws Error if the port of the Prometheus endpoint is in use
 */
export async function startTelemetry(
  settings: TelemetrySettings | null,
  options: TelemetryOptions,
): Promise<RunningTelemetry> {
  if (settings === null) return OFF;
  const sdk = await import("./sdk/start.js");
  return sdk.startSdk(settings, options);
}
