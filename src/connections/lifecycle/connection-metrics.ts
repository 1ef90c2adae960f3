import type { Meters, Reading } from "../../observability/telemetry/metrics.js";
import type { Store } from "../../store/open-store.js";
import type { Clock } from "../../upstream/clock.js";

/** Milliseconds for which the counts are kept: they read the whole table, and a scraper comes every few seconds. */
const KEPT_MS = 60_000;

/** Reads the number of connections by status whenever the metrics are collected, but at most once a minute. */
export function observeConnections(
  meters: Meters,
  store: Pick<Store, "countConnections">,
  clock: Pick<Clock, "monotonic">,
): void {
  let counted: Promise<Reading<"connections">[]> | null = null;
  let countedAt = 0;
  const count = async () => {
    const counts = await store.countConnections();
    return counts.map(({ provider, environment, status, connections }) => ({
      value: connections,
      labels: { "crmesh.provider": provider, "crmesh.environment": environment, "crmesh.status": status },
    }));
  };
  meters.observe("connections", async () => {
    const now = clock.monotonic();
    if (counted === null || now - countedAt >= KEPT_MS) {
      countedAt = now;
      counted = count();
    }
    try {
      return await counted;
    } catch (error) {
      counted = null;
      throw error;
    }
  });
}
