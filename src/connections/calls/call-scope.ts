import type { CallBound } from "../../upstream/call-bound.js";
import type { CallScope } from "../../upstream/request.js";
import type { CallTarget } from "./call-target.js";
import type { Operation } from "./operation.js";
import type { UpstreamOrigin } from "./origins.js";

/** The upstream client's view of an operation on one connection. */
export function callScope(
  target: CallTarget,
  { origin, allowPrivateHosts }: UpstreamOrigin,
  operation: Operation,
  bound: CallBound,
): CallScope {
  const { environment, workspaceId, connectionId } = target;
  const provider = target.provider.slug;
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
