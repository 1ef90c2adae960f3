import type { Actor } from "../../store/connection-events.js";
import { CallBound } from "../../upstream/call-bound.js";
import type { Clock } from "../../upstream/clock.js";
import type { FailedCall, UpstreamCall } from "../../upstream/request.js";
import { TRANSPORT_DEFAULTS } from "../../upstream/transport.js";

/** The parts of a caller's operation that apply to all its upstream calls. */
export interface Operation {
  /** A time of `Clock.monotonic`, in milliseconds. The caller waits no longer than that. */
  deadline: number;
  /** Aborted when the caller disconnects. */
  signal: AbortSignal;
  /** Milliseconds that the caller allows for one connection. Defaults to the operator's limit. */
  connectionTimeoutMs?: number;
  /** Provider slug → the fault that its sandbox is to show. */
  sandboxFaults: ReadonlyMap<string, string>;
  /** Called after each attempt of an upstream call. */
  onCall: (call: UpstreamCall) => void;
  /** Called for each failure of a CRM. */
  onFailure?: ((failure: FailedCall) => void) | undefined;
  /** Recorded in the events of the connections that the operation changes. */
  actor: Actor;
  requestId: string;
  /** Whether errors may contain a Connect link, with which whoever has it can replace the credentials of a connection. */
  mayReconnect: boolean;
}

/**
 * The sandbox fault of an end user who has withdrawn the access at the CRM. Unlike all other faults, its refusal is
 * stored, so that the connection has to be reconnected.
 */
export const ACCESS_REVOKED = "ACCESS_REVOKED";

/** The clock of deadlines: nobody can set it, so that no operation ends early or late when the wall clock is set. */
export type MonotonicClock = Pick<Clock, "monotonic">;

/**
 * Milliseconds that an exchange of credentials may take, independent of its caller's deadline. Longer than an attempt, so
 * that a server that hangs has its whole time, and counts against its circuit.
 */
export const EXCHANGE_TIMEOUT_MS = TRANSPORT_DEFAULTS.timeoutMs + 1_000;
const NEVER_ABORTED = new AbortController().signal;

/** The variable and the header that limit the time of an operation at one connection. */
const SETTING = "CRMESH_CONNECTION_TIMEOUT_MS";
export const CONNECTION_TIMEOUT_HEADER = "X-Crmesh-Timeout-Ms";

/**
 * Begins the time limit of an operation at one connection.
 * @param mostMs the operator's limit in milliseconds; the caller can only shorten it
 */
export function connectionBound(operation: Operation, mostMs: number, clock: MonotonicClock): CallBound {
  const asked = operation.connectionTimeoutMs ?? Infinity;
  const setBy = asked < mostMs ? `header ${CONNECTION_TIMEOUT_HEADER}; at most ${SETTING}` : SETTING;
  const { deadline, signal } = operation;
  return new CallBound({
    deadline,
    signal,
    now: () => clock.monotonic(),
    limit: { ms: Math.min(asked, mostMs), setBy },
  });
}

/** Bounds a call only by the operation's deadline and its caller. */
export function operationBound({ deadline, signal }: Operation, clock: MonotonicClock): CallBound {
  return new CallBound({ deadline, signal, now: () => clock.monotonic() });
}

/** The same operation, but independent of its caller: for work that must not be interrupted, e.g. a token rotation. */
export function detached(operation: Operation, clock: MonotonicClock): Operation {
  return { ...operation, deadline: clock.monotonic() + EXCHANGE_TIMEOUT_MS, signal: NEVER_ABORTED };
}
