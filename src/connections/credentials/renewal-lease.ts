import { randomUUID } from "node:crypto";
import { CrmError } from "../../errors/crm-error.js";
import type { RefreshLeases } from "../../store/refresh-leases.js";
import type { Clock } from "../../upstream/clock.js";
import { EXCHANGE_TIMEOUT_MS } from "../calls/operation.js";

/** Milliseconds after which another process may take over from one that died. Longer than a renewal may take. */
const LEASE_MS = EXCHANGE_TIMEOUT_MS + 4_000;
/** Milliseconds between two attempts to take a lease that another process holds. */
const POLL_MS = 100;
/** Milliseconds that a caller waits for the lease. Longer than the lease of a process that died. */
const MAX_WAIT_MS = LEASE_MS + 5_000;

export interface RenewalLeaseOptions {
  store: { refreshLeases: Pick<RefreshLeases, "take" | "release"> };
  clock: Clock;
  /** Called if the lease could not be given back. It then ends by itself. */
  onBackgroundError: (error: unknown) => void;
}

/** One caller's request for the lease under which a connection's credential is renewed, across all processes. */
export class RenewalLease {
  readonly #connectionId: string;
  readonly #options: RenewalLeaseOptions;
  readonly #holder = randomUUID();
  readonly #waitUntil: number;

  constructor(connectionId: string, options: RenewalLeaseOptions) {
    this.#connectionId = connectionId;
    this.#options = options;
    this.#waitUntil = options.clock.monotonic() + MAX_WAIT_MS;
  }

  /** Takes the lease. Returns false if another caller holds it. */
  take(): Promise<boolean> {
    return this.#options.store.refreshLeases.take(this.#connectionId, this.#holder, LEASE_MS);
  }

  /** Waits before another `take`. @throws CrmError SERVICE_UNAVAILABLE if this caller has waited for too long */
  async wait(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() >= this.#waitUntil) {
      throw new CrmError("SERVICE_UNAVAILABLE", {
        detail: "Another request is renewing the credential. Try again.",
        retryAfter: 1,
      });
    }
    await clock.sleep(POLL_MS * (0.5 + Math.random()));
  }

  async release(): Promise<void> {
    const { store, onBackgroundError } = this.#options;
    await store.refreshLeases.release(this.#connectionId, this.#holder).catch(onBackgroundError);
  }
}
