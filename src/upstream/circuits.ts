import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { Reading } from "../observability/telemetry/metrics.js";
import type { CallBound } from "./call-bound.js";
import { Circuit, CIRCUIT_DEFAULTS, type CircuitOptions, type CircuitStatus } from "./circuit.js";
import { CircuitChanges, type CircuitObserver } from "./circuit-changes.js";
import type { Clock } from "./clock.js";
import { countsAsFailure, isAnswer } from "./evidence.js";
import { ORIGIN_CIRCUIT_DEFAULTS, OriginCircuit, type OriginCircuitOptions } from "./origin-circuit.js";
import type { CallOptions } from "./request.js";

export interface CircuitsOptions extends CircuitOptions, OriginCircuitOptions {}

export const CIRCUITS_DEFAULTS: CircuitsOptions = { ...ORIGIN_CIRCUIT_DEFAULTS, ...CIRCUIT_DEFAULTS };

/** The facts about a call that decide which circuits it goes through. */
export type CircuitOwner = Pick<
  CallOptions,
  "provider" | "origin" | "circuitKey" | "originKey" | "workspaceId" | "endUserId" | "connectionId" | "requestId"
>;

/** Both circuits as the calls of one connection meet them. */
export interface CircuitsHealth {
  circuit: CircuitStatus;
  /** The circuit of the provider's origin. */
  providerCircuit: CircuitStatus;
  /** Milliseconds until both circuits let a call through. 0 if they do. */
  retryAfterMs: number;
}

/** Maximum numbers of circuits in memory. A circuit that is forgotten is closed. */
const MAX_CIRCUITS = 10_000;
const MAX_ORIGINS = 1_000;

/**
 * The circuits of all calls, on two levels: one per connection, and one per provider and origin. A call goes through the
 * origin's circuit and then through its connection's. While the origin's circuit is open, a connection's own probe is also
 * the origin's probe.
 *
 * Calls without a connection (they verify or exchange a credential) have a circuit for their end user. They respect the
 * origin's circuit and can close it, but they never open it.
 */
export class Circuits {
  readonly #options: CircuitsOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #circuits = new LRUCache<string, Circuit>({ max: MAX_CIRCUITS });
  readonly #origins = new LRUCache<string, OriginCircuit>({ max: MAX_ORIGINS });
  readonly #changes: CircuitChanges;

  /** @param observe called when a circuit opens or closes */
  constructor(
    options: Partial<CircuitsOptions>,
    clock: Pick<Clock, "monotonic">,
    observe: CircuitObserver = () => undefined,
  ) {
    this.#options = { ...CIRCUITS_DEFAULTS, ...options };
    this.#clock = clock;
    this.#changes = new CircuitChanges(observe, clock);
  }

  /**
   * @param run sends the call; it counts once, whatever attempts it makes
   * @param bound limits the wait for the probe of another caller
   * @throws CrmError CIRCUIT_OPEN while a circuit is open, without running anything; the bound's error when it ends
   */
  async execute<Result>(
    owner: CircuitOwner,
    run: () => Promise<Result>,
    bound: Pick<CallBound, "wait">,
  ): Promise<Result> {
    const { connectionId } = owner;
    const circuit = this.#circuit(owner.circuitKey);
    const origin = connectionId === null ? this.#origins.get(owner.originKey) : this.#origin(owner.originKey);
    // A call that its own circuit refuses must not use up the probe of the origin.
    const { retryAfterMs } = this.health(owner);
    if (retryAfterMs > 0) throw new CrmError("CIRCUIT_OPEN", { retryAfter: retryAfterMs / 1000 });
    try {
      return await (origin ? this.#executeAt(origin, circuit, owner, run, bound) : circuit.execute(run, bound));
    } finally {
      this.#noteChanges(owner, circuit, origin);
    }
  }

  /** Runs a call through the circuit of its origin and through its own. */
  #executeAt<Result>(
    origin: OriginCircuit,
    circuit: Circuit,
    { workspaceId, endUserId, connectionId }: CircuitOwner,
    run: () => Promise<Result>,
    bound: Pick<CallBound, "wait">,
  ): Promise<Result> {
    const observed = async () => {
      if (connectionId !== null) origin.noteActivity(workspaceId);
      try {
        const result = await circuit.execute(run, bound);
        origin.noteSuccess(workspaceId, endUserId);
        return result;
      } catch (error) {
        if (isAnswer(error)) origin.noteAnswer();
        else if (connectionId !== null && countsAsFailure(error) && circuit.isOpen) {
          origin.noteOpenConnection(workspaceId, endUserId);
        }
        throw error;
      }
    };
    return origin.execute(workspaceId, observed, bound);
  }

  /** Both circuits of a call with these facts, without making a call. */
  health({ circuitKey, originKey, workspaceId }: CircuitOwner): CircuitsHealth {
    const circuit = this.#circuits.peek(circuitKey);
    const origin = this.#origins.peek(originKey);
    return {
      circuit: circuit?.status ?? "CLOSED",
      providerCircuit: origin?.status(workspaceId) ?? "CLOSED",
      retryAfterMs: Math.max(circuit?.retryAfterMs() ?? 0, origin?.retryAfterMs(workspaceId) ?? 0),
    };
  }

  /** The circuits that are not closed, by provider, level and state. */
  notClosed(): Iterable<Reading<"circuits">> {
    const counted = new Map<string, Reading<"circuits">>();
    const count = (key: string, level: "connection" | "provider", waitMs: number) => {
      const state = waitMs > 0 ? "open" : "half_open";
      // A key begins with the slug of its provider.
      const provider = key.slice(0, key.indexOf(" "));
      const labels = { "crmesh.provider": provider, "crmesh.level": level, "crmesh.state": state };
      const id = Object.values(labels).join(" ");
      counted.set(id, { labels, value: (counted.get(id)?.value ?? 0) + 1 });
    };
    for (const [key, circuit] of this.#circuits.entries()) {
      if (circuit.isOpen) count(key, "connection", circuit.retryAfterMs());
    }
    for (const [key, origin] of this.#origins.entries()) {
      if (origin.isOpen) count(key, "provider", origin.retryAfterMs(origin.onlyFor ?? ""));
    }
    return counted.values();
  }

  #noteChanges(owner: CircuitOwner, circuit: Circuit, origin: OriginCircuit | undefined): void {
    const { workspaceId } = owner;
    const own = { isOpen: circuit.isOpen, workspaceId, retryAfterMs: circuit.retryAfterMs() };
    this.#changes.note(circuit, "CONNECTION", own, owner);
    if (!origin) return;
    const { isOpen, onlyFor } = origin;
    const shared = { isOpen, workspaceId: onlyFor, retryAfterMs: origin.retryAfterMs(onlyFor ?? workspaceId) };
    this.#changes.note(origin, "PROVIDER", shared, owner);
  }

  #circuit(key: string): Circuit {
    let circuit = this.#circuits.get(key);
    if (!circuit) {
      circuit = new Circuit(this.#options, this.#clock);
      this.#circuits.set(key, circuit);
    }
    return circuit;
  }

  #origin(key: string): OriginCircuit {
    let origin = this.#origins.get(key);
    if (!origin) {
      origin = new OriginCircuit(this.#options, this.#clock);
      this.#origins.set(key, origin);
    }
    return origin;
  }
}
