import { CrmError } from "../../errors/crm-error.js";
import { revokeGrant } from "../../providers/oauth/grants.js";
import type { ProviderRegistry } from "../../providers/registry.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { Store } from "../../store/open-store.js";
import { changeBy } from "../credentials/connection-changes.js";
import type { CredentialStore } from "../credentials/credential-store.js";
import { callTarget } from "../calls/call-target.js";
import { detached, type MonotonicClock, type Operation } from "../calls/operation.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";

export interface RevocationParts {
  registry: ProviderRegistry;
  credentials: CredentialStore;
  access: UpstreamAccess;
  store: Pick<Store, "events">;
  clock: MonotonicClock;
  onBackgroundError: (error: unknown) => void;
}

/**
 * Revokes the last credential of an ended connection, if the provider supports that. It never throws: an event records
 * the result.
 */
export async function revokeAtProvider(
  { registry, credentials, access, store, clock, onBackgroundError }: RevocationParts,
  connection: ConnectionRecord,
  operation: Operation,
): Promise<void> {
  const provider = registry.get(connection.provider);
  if (!provider.oauth) return;
  try {
    const { value } = await credentials.peek(connection);
    const exchange = access.oauth(
      callTarget(connection, provider),
      value["authorizationServer"],
      detached(operation, clock),
    );
    if (!(await revokeGrant(exchange, provider.oauth, value))) return;
    await store.events.append(connection, changeBy(operation, "REVOKED"));
  } catch (error) {
    const failure = error instanceof CrmError ? error : null;
    if (!failure) onBackgroundError(error);
    const event = changeBy(operation, "REVOKE_FAILED", failure?.details.detail ?? null);
    await store.events
      .append(connection, { ...event, errorCode: failure?.code ?? "INTERNAL_ERROR" })
      .catch(onBackgroundError);
  }
}
