import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import { NO_TELEMETRY, type Telemetry } from "../observability/telemetry/telemetry.js";
import { Attempts, NotYet, type Progress } from "./attempts.js";
import { Bulkhead, type BulkheadOptions } from "./bulkhead.js";
import type { CallBound } from "./call-bound.js";
import { CallWatches } from "./call-watch.js";
import type { CircuitObserver } from "./circuit-changes.js";
import { Circuits, type CircuitOwner, type CircuitsOptions } from "./circuits.js";
import { systemClock, type Clock } from "./clock.js";
import { CutShort } from "./evidence.js";
import { FairShares, type FairSharesOptions } from "./fair-shares.js";
import { describeFailure, reportFailure } from "./failed-call.js";
import { HealthMemory, type UpstreamHealth } from "./health.js";
import type { PaceLedger } from "./pace-ledger.js";
import type { PaceTurn } from "./pace-turn.js";
import { Pacer } from "./pacer.js";
import { sendable } from "./sendable.js";
import type { CallOptions, SendableRequest, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "./request.js";
import { circuitOpenings, observeUpstream } from "./observed-state.js";
import { Transport, TRANSPORT_DEFAULTS, type TransportOptions } from "./transport.js";

export interface UpstreamClientOptions {
  transport?: Partial<TransportOptions>;
  circuit?: Partial<CircuitsOptions>;
  clock?: Clock;
  /** Maximum numbers of running and waiting calls, per account. A CRM that documents fewer concurrent calls has that number. */
  bulkhead?: BulkheadOptions;
  /** Maximum numbers of running calls per origin, and of waiting calls per workspace and origin. */
  shares?: Partial<FairSharesOptions>;
  random?: () => number;
  /** Off by default. */
  telemetry?: Telemetry;
  /** Called when a circuit opens or closes. */
  onCircuitChange?: CircuitObserver | undefined;
  /** Counts the calls of accounts, together with other processes. In the memory of this process by default. */
  ledger?: PaceLedger | undefined;
  /** The processes that call the CRMs, which divide a documented number of concurrent calls. 1 by default. */
  processes?: number | undefined;
}

const BULKHEAD_DEFAULTS: BulkheadOptions = { concurrent: 10, waiting: 1_000 };
/** One workspace alone has half of the places, so that others find a free one. */
export const SHARES_DEFAULTS: FairSharesOptions = { perOrigin: 128, waiting: 1_000 };
const MAX_BULKHEADS = 10_000;

/**
 * Sends an adapter's requests to a CRM through bulkhead → circuits → retry → fair share of the origin → pacing → HTTP. A call whose turn
 * has not come leaves all of these, waits, and comes back. A request counts once for its circuits, after its retries. Every
 * wait ends with the bound of the caller.
 */
export class UpstreamClient {
  readonly #transport: Transport;
  readonly #pacer: Pacer;
  readonly #attempts: Attempts;
  readonly #processes: number;
  readonly #health: HealthMemory;
  readonly #bulkheadOptions: BulkheadOptions;
  readonly #circuits: Circuits;
  readonly #watches: CallWatches;
  readonly #bulkheads = new LRUCache<string, Bulkhead>({ max: MAX_BULKHEADS });

  constructor(options: UpstreamClientOptions = {}) {
    const transport = { ...TRANSPORT_DEFAULTS, ...options.transport };
    const clock = options.clock ?? systemClock;
    this.#transport = new Transport(transport);
    this.#pacer = new Pacer({ clock, ledger: options.ledger, leaseMs: transport.timeoutMs });
    this.#processes = options.processes ?? 1;
    this.#health = new HealthMemory(clock);
    const telemetry = options.telemetry ?? NO_TELEMETRY;
    const count = telemetry.meters ? circuitOpenings(telemetry.meters) : undefined;
    this.#circuits = new Circuits(options.circuit ?? {}, clock, (change) => {
      options.onCircuitChange?.(change);
      count?.(change);
    });
    this.#attempts = new Attempts({
      transport: this.#transport,
      pacer: this.#pacer,
      health: this.#health,
      shares: new FairShares({ ...SHARES_DEFAULTS, ...options.shares }),
      random: options.random ?? Math.random,
      clock,
    });
    this.#watches = new CallWatches(telemetry);
    if (telemetry.meters) observeUpstream(telemetry.meters, this.#circuits, this.#health);
    this.#bulkheadOptions = options.bulkhead ?? BULKHEAD_DEFAULTS;
  }

  /** @throws CrmError, with `outcome` for a failed write; INVALID_INPUT for a request that HTTP cannot carry */
  async send(request: UpstreamRequest, call: CallOptions, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const progress: Progress = { attempts: 0, watch: this.#watches.begin(request, call) };
    try {
      // Before everything else: what cannot leave the process says nothing about the CRM.
      const checked = sendable(request);
      const response = await call.bound.during(() => this.#sendWithin(checked, call, traits, progress));
      progress.watch?.end();
      return response;
    } catch (error) {
      const seen = error instanceof CutShort ? error.seen : error;
      if (call.remember && call.connectionId !== null && seen instanceof CrmError && !call.bound.isEnd(error)) {
        this.#health.noteError(call.paceKey, seen);
      }
      const described = describeFailure(error instanceof CutShort ? error.told : error, request, call);
      reportFailure(described, call, { attempt: progress.attempts, retried: false });
      progress.watch?.end(described);
      throw described;
    }
  }

  /** Reports the health of calls with these keys, without making a call. */
  health(call: CircuitOwner & Pick<CallOptions, "paceKey">): UpstreamHealth {
    return {
      ...this.#circuits.health(call),
      rateLimit: this.#health.rateLimit(call.paceKey),
      lastError: call.connectionId === null ? null : this.#health.lastError(call.paceKey),
    };
  }

  close(): void {
    this.#transport.close();
  }

  async #sendWithin(
    request: SendableRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    progress: Progress,
  ): Promise<UpstreamResponse> {
    const { bound, paceKey } = call;
    const { watch } = progress;
    bound.assertOpen();
    const turn = call.paced ? this.#pacer.turn(paceKey, request.lane, traits.rateRules) : null;
    const attempts = () => this.#attempts.run({ request, call, traits, turn, progress });
    const guarded = () => {
      watch?.enter("circuit");
      return this.#circuits.execute(call, attempts, bound);
    };
    try {
      for (;;) {
        watch?.enter("bulkhead");
        const result = await this.#bulkhead(paceKey, traits).run(guarded, bound).catch(waitOf);
        if (typeof result !== "number") return result;
        // Outside of bulkhead, circuits and shares, so that no other call waits for its pace as well.
        watch?.enter("pace");
        await turn!.wait(result, bound);
      }
    } catch (error) {
      throw turn ? explained(error, turn, bound, progress) : error;
    } finally {
      turn?.leave();
    }
  }

  #bulkhead(key: string, { concurrency = Infinity }: UpstreamTraits): Bulkhead {
    let bulkhead = this.#bulkheads.get(key);
    if (!bulkhead) {
      const { concurrent, waiting } = this.#bulkheadOptions;
      const share = Math.max(1, Math.floor(concurrency / this.#processes));
      bulkhead = new Bulkhead({ concurrent: Math.min(concurrent, share), waiting });
      this.#bulkheads.set(key, bulkhead);
    }
    return bulkhead;
  }
}

/** The wait of a call whose turn has not come. */
function waitOf(error: unknown): number {
  if (error instanceof NotYet) return error.waitMs;
  throw error;
}

/** A call that waited for its own turn for most of its time is told so, instead of a fault of the CRM. */
function explained(error: unknown, turn: PaceTurn, bound: CallBound, { attempts }: Progress): unknown {
  if (error instanceof CutShort && error.seen !== null) return error;
  const told = error instanceof CutShort ? error.told : error;
  if (!bound.isTimeEnd(told)) return error;
  const explanation = turn.atTheEnd(told, attempts > 0);
  return explanation === told ? error : explanation;
}
