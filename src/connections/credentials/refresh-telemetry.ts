import type { Telemetry } from "../../observability/telemetry/telemetry.js";
import { errorType } from "../../observability/telemetry/tracing.js";
import type { ConnectionRecord } from "../../store/connections.js";

/**
 * Runs a refresh at a provider in its span, and counts it.
 * @param refresh returns null if the credentials cannot be renewed, which is no refresh and is not counted
 */
export async function watchedRefresh<Result>(
  { meters, tracing }: Telemetry,
  { id, provider, workspaceId }: Pick<ConnectionRecord, "id" | "provider" | "workspaceId">,
  refresh: () => Promise<Result | null>,
): Promise<Result | null> {
  const counted = async () => {
    const startedAt = performance.now();
    const count = (outcome: string) => {
      const labels = { "crmesh.provider": provider, "crmesh.outcome": outcome };
      meters?.count("refreshes", labels, { workspace: workspaceId, connection: id });
      meters?.time("refreshDuration", (performance.now() - startedAt) / 1_000, { "crmesh.provider": provider });
    };
    try {
      const issued = await refresh();
      if (issued !== null) count("OK");
      return issued;
    } catch (error) {
      count(errorType(error));
      throw error;
    }
  };
  if (!tracing) return counted();
  const attributes = { "crmesh.provider": provider, "crmesh.connection.id": id, "crmesh.workspace.id": workspaceId };
  return tracing.span({ name: `refresh ${provider}`, attributes }, counted);
}
