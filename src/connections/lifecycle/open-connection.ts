import type { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { ConnectionRecord } from "../../store/connections.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { CallBudget } from "../calls/call-budget.js";
import { callTarget } from "../calls/call-target.js";
import type { DefinitionCache } from "../calls/definition-cache.js";
import { ACCESS_REVOKED, type Operation } from "../calls/operation.js";
import { createProviderContext, type OpenedConnection } from "../calls/provider-context.js";
import type { UpstreamAccess } from "../calls/upstream-access.js";
import type { Part, SpanStart } from "../../observability/telemetry/tracing.js";
import type { InFlight } from "../credentials/in-flight.js";
import type { Renewal } from "../credentials/renewal.js";

/** The parts that all CRM connections of a process share. */
export interface ConnectionParts {
  access: UpstreamAccess;
  renewal: Renewal;
  definitions: DefinitionCache;
  inFlight: InFlight;
  /** Slug → the operator's choices for that provider's settings. */
  settings: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Returns a new Connect link on which the end user can reconnect this connection. */
  reconnectUrl: (connection: ConnectionRecord) => Promise<string>;
}

/** A CRM connection with the credentials that were read last. */
export interface ReadConnection {
  connection: ConnectionRecord;
  provider: Provider;
  credentials: Credentials;
}

/**
 * Joins a CRM connection with everything that its calls need: origin, circuit, renewal of the credentials, definitions.
 *
 * @param limits `bound` limits the time of all calls together, `budget` their number; `part` is the span of the calls
 * @throws CrmError SERVICE_UNAVAILABLE if the sandbox is off, INVALID_INPUT for a bad address
 */
export function openConnection(
  parts: ConnectionParts,
  { connection, provider, credentials }: ReadConnection,
  operation: Operation,
  { bound, budget, part }: { bound: CallBound; budget?: CallBudget | undefined; part?: Part | undefined },
): OpenedConnection {
  const isRevoked = operation.sandboxFaults.get(provider.slug) === ACCESS_REVOKED;
  const { origin, pages, call } = parts.access.api(callTarget(connection, provider), credentials, operation, bound);
  const context = createProviderContext({
    provider,
    client: parts.access.client,
    credentials: parts.renewal.source({ connection, operation, remember: call.remember || isRevoked }),
    origin,
    pages,
    call,
    budget,
    definitions: parts.definitions,
    settings: parts.settings.get(provider.slug),
    part,
    explain: (error) => explainFailure(parts, { connection, provider }, operation, error),
  });
  return { context, write: (work) => parts.inFlight.run(() => bound.write(work)) };
}

/** Adds the connection to an error, and a Connect link if only the end user can solve it and the caller may offer it. */
export async function explainFailure(
  { access, reconnectUrl }: Pick<ConnectionParts, "access" | "reconnectUrl">,
  { connection, provider }: Pick<ReadConnection, "connection" | "provider">,
  operation: Operation,
  error: CrmError,
): Promise<CrmError> {
  const where = { provider: provider.slug, connectionId: connection.id };
  const refused = error.code === "NEEDS_REAUTH" || error.credentialRefused;
  if (!refused || !operation.mayReconnect) return error.with(where);
  // The end user cannot reconnect if the operator has removed the OAuth client.
  if (!access.isConfigured(provider, connection.environment)) return error.with(where);
  return error.with({ ...where, reconnectUrl: await reconnectUrl(connection) });
}

/** The span of everything that one operation does at a connection. */
export function connectionSpan({ id, provider, environment, workspaceId }: ConnectionRecord): SpanStart {
  return {
    name: `connection ${provider}`,
    attributes: {
      "crmesh.provider": provider,
      "crmesh.connection.id": id,
      "crmesh.workspace.id": workspaceId,
      "crmesh.environment": environment,
    },
  };
}
