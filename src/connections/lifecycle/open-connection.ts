import type { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { DefinitionCache } from "../calls/definition-cache.js";
import type { OperationScope } from "../calls/operation.js";
import { createProviderContext, type OpenedConnection } from "../calls/provider-context.js";
import type { Reach, UpstreamAccess } from "../calls/upstream-access.js";
import type { CredentialStore } from "../credentials/credential-store.js";
import type { InFlight } from "../credentials/in-flight.js";
import { renewAtProvider } from "./renewal.js";

/** The parts that all CRM connections of a process share. */
export interface ConnectionParts {
  access: UpstreamAccess;
  credentials: CredentialStore;
  definitions: DefinitionCache;
  inFlight: InFlight;
  /** Slug → the operator's choices for that provider's settings. */
  settings: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** A fresh Connect page on which the end user can mend this connection. */
  reconnectUrl: (connection: ConnectionRecord) => Promise<string>;
  now: () => number;
}

/** One CRM connection with its credential as it was read last. */
export interface ReadConnection {
  connection: ConnectionRecord;
  provider: Provider;
  credentials: Credentials;
}

/**
 * Joins a CRM connection with everything that its calls need: origin, circuit, renewal of the credential, definitions.
 *
 * @param bound how long all calls together may take
 * @throws CrmError SERVICE_UNAVAILABLE if the sandbox is off, INVALID_INPUT for a bad address
 */
export function openConnection(
  parts: ConnectionParts,
  { connection, provider, credentials }: ReadConnection,
  operation: OperationScope,
  bound: CallBound,
): OpenedConnection {
  const reach = reachOf(connection, provider);
  const { origin, scope } = parts.access.api(reach, credentials, operation, bound);
  const context = createProviderContext({
    provider,
    client: parts.access.client,
    credentials: parts.credentials.source({
      connection,
      renew: (refused) => renewAtProvider(parts, reach, refused, operation),
      remember: scope.remember,
      requestId: operation.requestId,
    }),
    origin,
    scope,
    definitions: parts.definitions,
    settings: parts.settings.get(provider.slug),
    explain: (error) => explainFailure(parts, { connection, provider }, error),
  });
  return { context, write: (work) => parts.inFlight.run(() => bound.write(work)) };
}

/** Names the connection of a failure. If the CRM refuses the credential itself, adds where the end user can reconnect. */
export async function explainFailure(
  { access, reconnectUrl }: Pick<ConnectionParts, "access" | "reconnectUrl">,
  { connection, provider }: Pick<ReadConnection, "connection" | "provider">,
  error: CrmError,
): Promise<CrmError> {
  const where = { provider: provider.slug, connectionId: connection.id };
  const refused = error.code === "NEEDS_REAUTH" || error.credentialRefused;
  // If the operator has taken the OAuth client away, the end user can do nothing.
  if (!refused || !access.isConfigured(provider, connection.environment)) return error.with(where);
  return error.with({ ...where, reconnectUrl: await reconnectUrl(connection) });
}

/** A provider as the owner of a connection reaches it through that connection. */
export function reachOf({ id, workspaceId, environment }: ConnectionRecord, provider: Provider): Reach {
  return { workspaceId, environment, provider, connectionId: id };
}
