import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import { NO_TELEMETRY, type Telemetry } from "../observability/telemetry/telemetry.js";
import { Bulkhead, type BulkheadOptions } from "./bulkhead.js";
import { CallWatches, type CallWatch } from "./call-watch.js";
import type { CircuitObserver } from "./circuit-changes.js";
import { Circuits, type CircuitOwner, type CircuitsOptions } from "./circuits.js";
import { systemClock, type Clock } from "./clock.js";
import { CutShort } from "./evidence.js";
import { FairShares, type FairSharesOptions } from "./fair-shares.js";
import { describeFailure, reportFailure, withOutcome, type FailedAttempt } from "./failed-call.js";
import { HealthMemory, type UpstreamHealth } from "./health.js";
import type { PaceLedger } from "./pace-ledger.js";
import { Pacer } from "./pacer.js";
import { assertSendable } from "./sendable.js";
import type { CallOptions, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "./request.js";
import { circuitOpenings, observeUpstream } from "./observed-state.js";
import { decideRetry } from "./retry-decision.js";
import { boundedLimit } from "./stated.js";
import { Transport, TRANSPORT_DEFAULTS, TransportFailure, type TransportOptions } from "./transport.js";

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

/** How far a call has come. */
interface Progress {
  /** Attempts that were made. */
  attempts: number;
  watch: CallWatch | null;
}

const BULKHEAD_DEFAULTS: BulkheadOptions = { concurrent: 10, waiting: 1_000 };
/** One workspace alone has half of the places, so that others find a free one. */
export const SHARES_DEFAULTS: FairSharesOptions = { perOrigin: 128, waiting: 1_000 };
const MAX_BULKHEADS = 10_000;

/**
 * Sends an adapter's requests to a CRM through pacing → bulkhead → circuits → retry → fair share of the origin → HTTP. A request counts once for its
 * circuits, after its retries. Every wait ends with the bound of the caller.
 */
export class UpstreamClient {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #processes: number;
  readonly #health: HealthMemory;
  readonly #random: () => number;
  readonly #bulkheadOptions: BulkheadOptions;
  readonly #circuits: Circuits;
  readonly #shares: FairShares;
  readonly #watches: CallWatches;
  readonly #bulkheads = new LRUCache<string, Bulkhead>({ max: MAX_BULKHEADS });

  constructor(options: UpstreamClientOptions = {}) {
    this.#transport = new Transport({ ...TRANSPORT_DEFAULTS, ...options.transport });
    this.#clock = options.clock ?? systemClock;
    this.#pacer = new Pacer(this.#clock, options.ledger);
    this.#processes = options.processes ?? 1;
    this.#health = new HealthMemory(this.#clock);
    this.#random = options.random ?? Math.random;
    const telemetry = options.telemetry ?? NO_TELEMETRY;
    const count = telemetry.meters ? circuitOpenings(telemetry.meters) : undefined;
    this.#circuits = new Circuits(options.circuit ?? {}, this.#clock, (change) => {
      options.onCircuitChange?.(change);
      count?.(change);
    });
    this.#shares = new FairShares({ ...SHARES_DEFAULTS, ...options.shares });
    this.#watches = new CallWatches(telemetry);
    if (telemetry.meters) observeUpstream(telemetry.meters, this.#circuits, this.#health);
    this.#bulkheadOptions = options.bulkhead ?? BULKHEAD_DEFAULTS;
  }

  /** @throws CrmError, with `outcome` for a failed write; INVALID_INPUT for a request that HTTP cannot carry */
  async send(request: UpstreamRequest, call: CallOptions, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const progress: Progress = { attempts: 0, watch: this.#watches.begin(request, call) };
    try {
      // Before everything else: what cannot leave the process says nothing about the CRM.
      assertSendable(request);
      const response = await call.bound.during(() => this.#sendWithin(request, call, traits, progress));
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
    request: UpstreamRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    progress: Progress,
  ): Promise<UpstreamResponse> {
    const { bound, paceKey } = call;
    bound.assertOpen();
    progress.watch?.enter("pace");
    const ticket = call.paced ? await this.#pacer.acquire(paceKey, request.lane, traits.rateRules, bound) : null;
    const attempts = async () => {
      await ticket?.begin(bound);
      return this.#attempts(request, call, traits, progress);
    };
    const guarded = () => {
      progress.watch?.enter("circuit");
      return this.#circuits.execute(call, attempts, bound);
    };
    progress.watch?.enter("bulkhead");
    try {
      return await this.#bulkhead(paceKey, traits).run(guarded, bound);
    } finally {
      ticket?.end();
    }
  }

  async #attempts(
    request: UpstreamRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    progress: Progress,
  ): Promise<UpstreamResponse> {
    const { bound } = call;
    const { watch } = progress;
    let seen: CrmError | null = null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        bound.assertOpen();
        const { origin } = new URL(request.url);
        const once = () => this.#attempt(request, call, traits, attempt, watch);
        watch?.enter("share");
        // The wait for a place is not part of the attempt, whose time the CRM has for itself.
        const result = await this.#shares.run(
          call.allowPrivateHosts ? origin : `public ${origin}`,
          call.workspaceId,
          () => {
            progress.attempts = attempt;
            return watch ? watch.attempt(attempt, once) : once();
          },
          bound,
        );
        if (!("error" in result)) return result;
        // What crmesh or the caller ended says nothing about the CRM. Earlier attempts do.
        if (bound.isEnd(result.error)) throw result.error;
        if (result.isCut) throw new CutShort(withOutcome(result, request), seen);
        seen = result.error;
        const decision = decideRetry({
          safe: request.safe,
          sent: result.sent,
          error: result.error,
          attempt,
          remainingMs: bound.remainingMs,
          random: this.#random(),
        });
        if (!decision.retry) throw withOutcome(result, request);
        reportFailure(describeFailure(result.error, request, call), call, { attempt, retried: true });
        watch?.enter("retry");
        await bound.wait((signal) => this.#clock.sleep(decision.waitMs, signal));
      }
    } catch (error) {
      throw bound.isEnd(error) ? new CutShort(error, seen) : error;
    }
  }

  async #attempt(
    request: UpstreamRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    attempt: number,
    watch: CallWatch | null,
  ): Promise<UpstreamResponse | FailedAttempt> {
    const startedAt = performance.now();
    const report = (status: number | null, records?: number) => {
      const told = {
        provider: call.provider,
        connectionId: call.connectionId,
        method: request.method,
        path: new URL(request.url).pathname,
        status,
        attempt,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        records: records ?? null,
      };
      watch?.tell(told);
      call.onCall?.(told);
    };
    const { bound, allowPrivateHosts } = call;
    if (!request.safe || request.changes) bound.noteWriteSent();
    // The signal ends reads. A request that changes something ignores it, and gets its time limit here.
    const remainingMs = request.safe ? Infinity : bound.remainingMs;
    try {
      const response = await this.#transport.send(
        call.headers ? { ...request, headers: { ...request.headers, ...call.headers } } : request,
        { remainingMs, signal: bound.signal, allowPrivateHosts },
      );
      const error = traits.classify(response);
      report(response.status, error ? undefined : response.body.decode(traits.countRecords));
      if (call.remember) this.#learn(request, call, traits, response, error);
      return error ? { error, sent: true, isCut: false } : response;
    } catch (failure) {
      if (!(failure instanceof TransportFailure)) throw failure;
      report(null);
      return { error: failure.error, sent: failure.sent, isCut: failure.isCut };
    }
  }

  #learn(
    request: UpstreamRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    response: UpstreamResponse,
    error: CrmError | null,
  ): void {
    const stated = boundedLimit(traits.rateLimit?.(response));
    if (stated) {
      this.#health.noteLimit(call, stated);
      if (stated.windowMs !== null) {
        this.#pacer.learn(call.paceKey, { requests: stated.limit, perMs: stated.windowMs });
      }
    }
    if (error?.code === "PROVIDER_RATE_LIMITED" && call.paced) {
      this.#pacer.block(call.paceKey, request.lane, traits.rateRules, (error.details.retryAfter ?? 1) * 1000);
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
