import type { CallBound } from "../../upstream/call-bound.js";
import type { CallOptions } from "../../upstream/request.js";
import type { CallTarget } from "./call-target.js";
import type { Operation } from "./operation.js";
import type { UpstreamOrigin } from "./origins.js";

/** Combines an operation with the target of its calls, for the upstream client. */
export function callOptions(
  target: CallTarget,
  { origin, allowPrivateHosts, isShared }: UpstreamOrigin,
  operation: Operation,
  bound: CallBound,
): CallOptions {
  const { environment, workspaceId, endUserId, connectionId, accountGeneration } = target;
  const provider = target.provider.slug;
  const place = `${provider} ${origin}`;
  const account = connectionId === null ? null : `${connectionId} ${accountGeneration}`;
  const fault = environment === "test" ? operation.sandboxFaults.get(provider) : undefined;
  return {
    provider,
    origin,
    workspaceId,
    endUserId,
    connectionId,
    circuitKey: `${place} ${account ?? endUserId}`,
    originKey: isShared ? place : `${place} ${workspaceId}`,
    paceKey: account ?? `${place} ${workspaceId}`,
    bound,
    ...(fault === undefined ? {} : { headers: { "x-sandbox-fault": fault } }),
    // An injected fault concerns only this request: learn nothing from the answers.
    remember: fault === undefined,
    paced: environment === "live",
    allowPrivateHosts,
    requestId: operation.requestId,
    onCall: operation.onCall,
    onFailure: operation.onFailure,
  };
}
