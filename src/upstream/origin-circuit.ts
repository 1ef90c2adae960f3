import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { CallBound } from "./call-bound.js";
import { CIRCUIT_DEFAULTS, probeWaitMs, type CircuitOptions, type CircuitStatus } from "./circuit.js";
import type { Clock } from "./clock.js";
import { countsAsFailure } from "./evidence.js";

export interface OriginCircuitOptions extends Omit<CircuitOptions, "failures"> {
  /** Milliseconds for which a failure, a success and the activity of a workspace are remembered. */
  windowMs: number;
  /** Number of end users whose own circuits must be open. */
  endUsers: number;
  /** Number of their workspaces, unless only one workspace was active in the window. */
  workspaces: number;
}

export const ORIGIN_CIRCUIT_DEFAULTS: OriginCircuitOptions = {
  halfOpenAfterMs: CIRCUIT_DEFAULTS.halfOpenAfterMs,
  maxHalfOpenAfterMs: CIRCUIT_DEFAULTS.maxHalfOpenAfterMs,
  windowMs: 60_000,
  endUsers: 3,
  workspaces: 2,
};

/** Maximum number of workspaces that one origin remembers. A forgotten workspace only makes the circuit open later. */
const MAX_WORKSPACES = 100;

/** In place of a workspace's id. */
const EVERYBODY = "EVERYBODY";

/** What one workspace has met at the origin. All times are monotonic milliseconds. */
interface Experience {
  /** Time of its last call. */
  activeAt: number;
  /** End user → time of the last failure that left the end user's own circuit open. */
  failedAt: Map<string, number>;
  /** Probes of this workspace that have failed since the circuit opened, and the time of its next one. */
  probes: { failed: number; nextAt: number } | null;
}

/**
 * The circuit of a provider's origin. It opens if several end users find their own circuits open and nobody gets an
 * answer, and closes on the first success of anybody.
 *
 * One workspace alone never closes the origin to another. If only one was active, the circuit opens for that workspace.
 * A failed probe lengthens the wait of the workspace that sent it, and of no other.
 */
export class OriginCircuit {
  readonly #options: OriginCircuitOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #workspaces = new LRUCache<string, Experience>({ max: MAX_WORKSPACES });
  #answeredAt = -Infinity;
  /** The workspace for which the circuit is open; "EVERYBODY" for all; null while it is closed. */
  #openFor: string | null = null;
  #openedAt = 0;
  #probe: Promise<void> | null = null;

  constructor(options: OriginCircuitOptions, clock: Pick<Clock, "monotonic">) {
    this.#options = options;
    this.#clock = clock;
  }

  /** True if it is open for any workspace. */
  get isOpen(): boolean {
    return this.#openFor !== null;
  }

  /** The workspace for which alone it is open. Null if it is open for all, or closed. */
  get onlyFor(): string | null {
    return this.#openFor === EVERYBODY ? null : this.#openFor;
  }

  status(workspaceId: string): CircuitStatus {
    if (!this.#isOpenFor(workspaceId)) return "CLOSED";
    return this.retryAfterMs(workspaceId) > 0 ? "OPEN" : "HALF_OPEN";
  }

  /** Milliseconds until a call of this workspace may be the probe. 0 if its calls go through. */
  retryAfterMs(workspaceId: string): number {
    if (!this.#isOpenFor(workspaceId)) return 0;
    const probes = this.#workspaces.peek(workspaceId)?.probes;
    const probeAt = probes?.nextAt ?? this.#openedAt + probeWaitMs(this.#options, 1);
    return Math.max(0, probeAt - this.#clock.monotonic());
  }

  /**
   * Runs a call while the circuit is closed for its workspace. While it is open, runs one call at a time as the probe.
   * @param bound limits the wait for the probe of another caller
   * @throws CrmError CIRCUIT_OPEN without running anything; the bound's error when it ends
   */
  execute<Result>(workspaceId: string, run: () => Promise<Result>, bound: Pick<CallBound, "wait">): Promise<Result> {
    return this.#isOpenFor(workspaceId) ? this.#executeOpen(workspaceId, run, bound) : run();
  }

  async #executeOpen<Result>(
    workspaceId: string,
    run: () => Promise<Result>,
    bound: Pick<CallBound, "wait">,
  ): Promise<Result> {
    while (this.#isOpenFor(workspaceId)) {
      const waitMs = this.retryAfterMs(workspaceId);
      if (waitMs > 0) throw new CrmError("CIRCUIT_OPEN", { retryAfter: waitMs / 1000 });
      const probe = this.#probe;
      if (!probe) return this.#executeProbe(workspaceId, run);
      await bound.wait(() => probe);
    }
    return run();
  }

  /** Call this when a connection's call begins. */
  noteActivity(workspaceId: string): void {
    this.#experience(workspaceId).activeAt = this.#clock.monotonic();
  }

  /** Call this after a success. Closes the circuit. */
  noteSuccess(workspaceId: string, endUserId: string): void {
    this.noteAnswer();
    this.#workspaces.peek(workspaceId)?.failedAt.delete(endUserId);
    if (this.#openFor === null) return;
    this.#openFor = null;
    for (const experience of this.#workspaces.values()) experience.probes = null;
  }

  /** Call this after an answer that is neither a success nor a failure. The circuit then stays as it is for a window. */
  noteAnswer(): void {
    this.#answeredAt = this.#clock.monotonic();
  }

  /** Call this after a failure that leaves the connection's own circuit open. */
  noteOpenConnection(workspaceId: string, endUserId: string): void {
    const now = this.#clock.monotonic();
    this.#noteFailure(this.#experience(workspaceId).failedAt, endUserId, now);
    if (this.#openFor === EVERYBODY || now - this.#answeredAt < this.#options.windowMs) return;
    const openFor = this.#shouldOpenFor(now);
    if (openFor === null || openFor === this.#openFor) return;
    this.#openFor = openFor;
    this.#openedAt = now;
  }

  /** Keeps the end users who failed last. No more than the circuit needs to open. */
  #noteFailure(failedAt: Map<string, number>, endUserId: string, now: number): void {
    failedAt.delete(endUserId);
    failedAt.set(endUserId, now);
    const [oldest] = failedAt.keys();
    if (failedAt.size > this.#options.endUsers) failedAt.delete(oldest!);
  }

  #shouldOpenFor(now: number): string | null {
    const isRecent = (at: number) => now - at < this.#options.windowMs;
    const failing = new Map<string, number>();
    let active = 0;
    for (const [workspaceId, { activeAt, failedAt }] of this.#workspaces.entries()) {
      if (isRecent(activeAt)) active += 1;
      const endUsers = [...failedAt.values()].filter(isRecent).length;
      if (endUsers > 0) failing.set(workspaceId, endUsers);
    }
    const endUsers = [...failing.values()].reduce((sum, one) => sum + one, 0);
    if (endUsers < this.#options.endUsers) return null;
    if (failing.size >= this.#options.workspaces) return EVERYBODY;
    const [alone] = failing.keys();
    return active === 1 ? alone! : null;
  }

  async #executeProbe<Result>(workspaceId: string, run: () => Promise<Result>): Promise<Result> {
    let release!: () => void;
    this.#probe = new Promise((resolve) => (release = resolve));
    try {
      return await run();
    } catch (error) {
      if (countsAsFailure(error)) this.#delayProbeOf(workspaceId);
      throw error;
    } finally {
      this.#probe = null;
      release();
    }
  }

  #delayProbeOf(workspaceId: string): void {
    const experience = this.#experience(workspaceId);
    const failed = (experience.probes?.failed ?? 0) + 1;
    experience.probes = { failed, nextAt: this.#clock.monotonic() + probeWaitMs(this.#options, failed + 1) };
  }

  #isOpenFor(workspaceId: string): boolean {
    return this.#openFor === EVERYBODY || this.#openFor === workspaceId;
  }

  #experience(workspaceId: string): Experience {
    let experience = this.#workspaces.get(workspaceId);
    if (!experience) {
      experience = { activeAt: -Infinity, failedAt: new Map(), probes: null };
      this.#workspaces.set(workspaceId, experience);
    }
    return experience;
  }
}
