import type { Clock } from "./clock.js";
import type { CircuitStatus } from "./circuit.js";
import type { CallOptions } from "./request.js";

/** A circuit that has opened or closed. */
export interface CircuitChange {
  /** CONNECTION: the circuit of one connection. PROVIDER: the circuit of a provider's origin. */
  level: "CONNECTION" | "PROVIDER";
  /** A circuit whose probe failed has stayed open. */
  status: Exclude<CircuitStatus, "HALF_OPEN">;
  provider: string;
  /** Scheme, host and port of the provider's API. */
  origin: string;
  /** The workspace for which it has changed. Null: for all workspaces. */
  workspaceId: string | null;
  /** Null for an origin's circuit, and before the connection exists. */
  connectionId: string | null;
  /** The request whose call changed it. */
  requestId: string | null;
  /** Milliseconds until the first probe, if it has opened. */
  retryAfterMs: number | null;
  /** Milliseconds for which it was open, if it has closed. */
  openedForMs: number | null;
}

export type CircuitObserver = (change: CircuitChange) => void;

/** The facts about a call that a change of its circuits names. */
export type CircuitSubject = Pick<CallOptions, "provider" | "origin" | "workspaceId" | "connectionId" | "requestId">;

/** The state of a circuit after a call. */
export interface CircuitState {
  isOpen: boolean;
  /** The workspace for which it is open. Null: for all workspaces. */
  workspaceId: string | null;
  retryAfterMs: number;
}

/** Compares the states of circuits after each call, and reports each opening and each closing once. */
export class CircuitChanges {
  readonly #observe: CircuitObserver;
  readonly #clock: Pick<Clock, "monotonic">;
  /** The open circuits. A circuit that is forgotten is reported no more. */
  readonly #open = new WeakMap<object, { workspaceId: string | null; since: number }>();

  constructor(observe: CircuitObserver, clock: Pick<Clock, "monotonic">) {
    this.#observe = observe;
    this.#clock = clock;
  }

  note(circuit: object, level: CircuitChange["level"], state: CircuitState, subject: CircuitSubject): void {
    const known = this.#open.get(circuit);
    const { isOpen, workspaceId } = state;
    // An origin's circuit that was open for one workspace can open for all.
    if (isOpen ? known?.workspaceId === workspaceId : !known) return;
    const now = this.#clock.monotonic();
    if (isOpen) this.#open.set(circuit, { workspaceId, since: known?.since ?? now });
    else this.#open.delete(circuit);
    const { provider, origin, connectionId, requestId = null } = subject;
    this.#observe({
      level,
      status: isOpen ? "OPEN" : "CLOSED",
      provider,
      origin,
      workspaceId: isOpen ? workspaceId : known!.workspaceId,
      connectionId: level === "CONNECTION" ? connectionId : null,
      requestId,
      retryAfterMs: isOpen ? state.retryAfterMs : null,
      openedForMs: isOpen ? null : now - known!.since,
    });
  }
}
