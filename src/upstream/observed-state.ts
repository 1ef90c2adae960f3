import type { Meters, Reading } from "../observability/telemetry/metrics.js";
import type { CircuitObserver } from "./circuit-changes.js";
import type { Circuits } from "./circuits.js";
import type { HealthMemory } from "./health.js";

/** Reads circuits and rate budgets whenever the metrics are collected. */
export function observeUpstream(
  meters: Meters,
  circuits: Pick<Circuits, "notClosed">,
  health: Pick<HealthMemory, "budgets">,
): void {
  meters.observe("circuits", () => circuits.notClosed());
  const isByConnection = meters.tenantLabels.has("connection");
  meters.observe("rateBudget", () => {
    const lowest = new Map<string, Reading<"rateBudget">>();
    for (const { provider, connectionId, left } of health.budgets()) {
      const key = isByConnection ? `${provider} ${connectionId ?? ""}` : provider;
      if (left >= (lowest.get(key)?.value ?? Infinity)) continue;
      const labels = { "crmesh.provider": provider };
      lowest.set(key, { value: left, labels, tenant: { connection: connectionId } });
    }
    return lowest.values();
  });
}

/** Counts the openings of circuits. */
export function circuitOpenings(meters: Meters): CircuitObserver {
  return ({ status, provider, level }) => {
    if (status !== "OPEN") return;
    meters.count("circuitOpenings", { "crmesh.provider": provider, "crmesh.level": level.toLowerCase() });
  };
}
