import type { Actor } from "../../store/connection-events.js";
import { CallBound } from "../../upstream/call-bound.js";
import type { UpstreamCall } from "../../upstream/request.js";

/** What one operation of a caller brings to every call that it causes. */
export interface Operation {
  /** Milliseconds since the epoch after which the caller no longer waits. */
  deadline: number;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
  /** Milliseconds that the caller grants one connection; absent: what the operator grants. */
  connectionTimeoutMs?: number;
  /** Provider slug → the fault that its sandbox is told to show. */
  sandboxFaults: ReadonlyMap<string, string>;
  onCall: (call: UpstreamCall) => void;
  /** Who acts, for the events of the connections that it changes. */
  actor: Actor;
  requestId: string;
  /** Whether errors may contain a Connect link, with which whoever has it can replace the credentials of a connection. */
  mayReconnect: boolean;
}

/** Milliseconds that an exchange of credentials may take, whatever the caller still waits. */
export const EXCHANGE_TIMEOUT_MS = 10_000;
const NEVER_ABORTED = new AbortController().signal;

/** The variable and the header that bound what an operation does at one connection. */
const SETTING = "CRMESH_CONNECTION_TIMEOUT_MS";
export const CONNECTION_TIMEOUT_HEADER = "X-Crmesh-Timeout-Ms";

/**
 * Begins the time that an operation has at one connection.
 * @param mostMs milliseconds that the operator grants, which the caller can only shorten
 */
export function connectionBound(operation: Operation, mostMs: number, now: () => number): CallBound {
  const asked = operation.connectionTimeoutMs ?? Infinity;
  const byCaller = asked < mostMs;
  const setBy = byCaller ? `header ${CONNECTION_TIMEOUT_HEADER}; at most ${SETTING}` : SETTING;
  const { deadline, signal } = operation;
  return new CallBound({ deadline, signal, now, limit: { ms: Math.min(asked, mostMs), setBy, byCaller } });
}

/** Bounds a call by the operation's own deadline and caller alone. */
export function operationBound({ deadline, signal }: Operation, now: () => number): CallBound {
  return new CallBound({ deadline, signal, now });
}

/** The same operation for what must not be cut in half when its caller hangs up, such as the rotation of a token. */
export function detached(operation: Operation, now: number): Operation {
  return { ...operation, deadline: now + EXCHANGE_TIMEOUT_MS, signal: NEVER_ABORTED };
}
