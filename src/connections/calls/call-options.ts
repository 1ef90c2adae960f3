import type { CallBound } from "../../upstream/call-bound.js";
import type { CallOptions } from "../../upstream/request.js";
import type { CallTarget } from "./call-target.js";
import type { Operation } from "./operation.js";
import type { UpstreamOrigin } from "./origins.js";

/** Combines an operation with the target of its calls, for the upstream client. */
export function callOptions(
  target: CallTarget,
  { origin, allowPrivateHosts }: UpstreamOrigin,
  operation: Operation,
  bound: CallBound,
): CallOptions {
  const { environment, workspaceId, connectionId, accountGeneration } = target;
  const provider = target.provider.slug;
  const fault = environment === "test" ? operation.sandboxFaults.get(provider) : undefined;
  return {
    provider,
    connectionId,
    // All workspaces share the sandbox. Its injected faults must not open the circuit of another workspace.
    circuitKey: environment === "test" ? `${provider} ${origin} ${workspaceId}` : `${provider} ${origin}`,
    paceKey: connectionId === null ? `${provider} ${origin} ${workspaceId}` : `${connectionId} ${accountGeneration}`,
    bound,
    ...(fault === undefined ? {} : { headers: { "x-sandbox-fault": fault } }),
    // An injected fault concerns only this request: learn nothing from the answers.
    remember: fault === undefined,
    paced: environment === "live",
    allowPrivateHosts,
    onCall: operation.onCall,
  };
}
