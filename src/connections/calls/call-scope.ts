import type { Environment } from "../../store/schema.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { CallScope } from "../../upstream/request.js";
import type { OperationScope } from "./operation.js";
import type { UpstreamOrigin } from "./origins.js";

export interface CallIdentity {
  provider: string;
  environment: Environment;
  workspaceId: string;
  /** null while there is no connection yet. */
  connectionId: string | null;
}

/** The upstream client's view of an operation on one connection. */
export function callScope(
  identity: CallIdentity,
  { origin, allowPrivateHosts }: UpstreamOrigin,
  operation: OperationScope,
  bound: CallBound,
): CallScope {
  const { provider, environment, workspaceId, connectionId } = identity;
  const fault = environment === "test" ? operation.sandboxFaults.get(provider) : undefined;
  return {
    provider,
    connectionId,
    // The sandbox is one server for all; a workspace that plays with its faults opens no one else's circuit.
    circuitKey: environment === "test" ? `${provider} ${origin} ${workspaceId}` : `${provider} ${origin}`,
    paceKey: connectionId ?? `${provider} ${origin} ${workspaceId}`,
    bound,
    ...(fault === undefined ? {} : { headers: { "x-sandbox-fault": fault } }),
    // A fault is for this request only, and so is what the CRM seems to say under it.
    remember: fault === undefined,
    paced: environment === "live",
    allowPrivateHosts,
    onCall: operation.onCall,
  };
}
