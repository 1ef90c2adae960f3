import type { Actor } from "../store/connection-events.js";
import type { UpstreamCall } from "../upstream/request.js";

/** What one operation of a caller brings to every call that it causes. */
export interface OperationScope {
  /** Milliseconds since the epoch after which the caller no longer waits. */
  deadline: number;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
  /** Provider slug → the fault that its sandbox is told to show. */
  sandboxFaults: ReadonlyMap<string, string>;
  onCall: (call: UpstreamCall) => void;
  /** Who acts, for the events of the connections that it changes. */
  actor: Actor;
  requestId: string;
}

/** Milliseconds that an exchange of credentials may take, whatever the caller still waits. */
export const EXCHANGE_TIMEOUT_MS = 10_000;
const NEVER_ABORTED = new AbortController().signal;

/** The same operation for what must not be cut in half when its caller hangs up, such as the rotation of a token. */
export function detached(operation: OperationScope, now: number): OperationScope {
  return { ...operation, deadline: now + EXCHANGE_TIMEOUT_MS, signal: NEVER_ABORTED };
}
