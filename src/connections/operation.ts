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
}
