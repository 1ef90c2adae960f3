import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import { Bulkhead, BulkheadFullError, type BulkheadOptions } from "./bulkhead.js";
import { Circuit, CIRCUIT_DEFAULTS, CutShort, type CircuitOptions } from "./circuit.js";
import { systemClock, type Clock } from "./clock.js";
import { HealthMemory, type UpstreamHealth } from "./health.js";
import { Pacer } from "./pacer.js";
import type { CallScope, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "./request.js";
import { decideRetry } from "./retry-decision.js";
import { Transport, TRANSPORT_DEFAULTS, TransportFailure, type TransportOptions } from "./transport.js";

export interface UpstreamClientOptions {
  transport?: Partial<TransportOptions>;
  circuit?: Partial<CircuitOptions>;
  clock?: Clock;
  /** Calls under way at once per account, and how many more may wait. */
  bulkhead?: BulkheadOptions;
  random?: () => number;
}

const BULKHEAD_DEFAULTS: BulkheadOptions = { concurrent: 10, waiting: 1_000 };
const MAX_CIRCUITS = 10_000;
const MAX_BULKHEADS = 10_000;

/**
 * Everything about time and failure between an adapter and a CRM, outside in:
 * pacing → bulkhead → circuit → retry → HTTP. A request counts once against its circuit, after its retries. Wherever it
 * waits, it waits no longer than the bound of its caller.
 */
export class UpstreamClient {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #health = new HealthMemory();
  readonly #random: () => number;
  readonly #circuitOptions: CircuitOptions;
  readonly #bulkheadOptions: BulkheadOptions;
  readonly #circuits = new LRUCache<string, Circuit>({ max: MAX_CIRCUITS });
  readonly #bulkheads = new LRUCache<string, Bulkhead>({ max: MAX_BULKHEADS });

  constructor(options: UpstreamClientOptions = {}) {
    this.#transport = new Transport({ ...TRANSPORT_DEFAULTS, ...options.transport });
    this.#clock = options.clock ?? systemClock;
    this.#pacer = new Pacer(this.#clock);
    this.#random = options.random ?? Math.random;
    this.#circuitOptions = { ...CIRCUIT_DEFAULTS, ...options.circuit };
    this.#bulkheadOptions = options.bulkhead ?? BULKHEAD_DEFAULTS;
  }

  /** @throws CrmError, with `outcome` where a write failed. */
  async send(request: UpstreamRequest, scope: CallScope, traits: UpstreamTraits): Promise<UpstreamResponse> {
    try {
      return await scope.bound.during(() => this.#sendWithin(request, scope, traits));
    } catch (error) {
      const seen = error instanceof CutShort ? error.seen : error;
      if (scope.remember && scope.connectionId !== null && seen instanceof CrmError && !scope.bound.isEnd(error)) {
        this.#health.noteError(scope.connectionId, seen, this.#clock.now());
      }
      throw describeFailure(error instanceof CutShort ? error.told : error, request, scope);
    }
  }

  /** What is known without a call of how calls in this scope would fare. */
  health(scope: Pick<CallScope, "circuitKey" | "paceKey" | "connectionId">): UpstreamHealth {
    const circuit = this.#circuits.peek(scope.circuitKey);
    return {
      circuit: circuit?.status ?? "CLOSED",
      retryAfterMs: circuit?.retryAfterMs() ?? 0,
      rateLimit: this.#health.rateLimit(scope.paceKey, this.#clock.now()),
      lastError: scope.connectionId === null ? null : this.#health.lastError(scope.connectionId),
    };
  }

  close(): void {
    this.#transport.close();
  }

  async #sendWithin(request: UpstreamRequest, scope: CallScope, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const { bound, paceKey, circuitKey } = scope;
    bound.assertOpen();
    if (scope.paced) await this.#pacer.acquire(paceKey, request.lane, traits.rateRules, bound);
    const attempts = () => this.#attempts(request, scope, traits);
    return await this.#bulkhead(paceKey).run(() => this.#circuit(circuitKey).execute(attempts, bound), bound);
  }

  async #attempts(request: UpstreamRequest, scope: CallScope, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const { bound } = scope;
    let seen: CrmError | null = null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        bound.assertOpen();
        const result = await this.#attempt(request, scope, traits, attempt);
        if (!("error" in result)) return result;
        const isEnd = bound.isEnd(result.error);
        // What is cut because its caller wants no more says nothing of the CRM.
        if (!isEnd || !bound.endedByCaller) seen = result.error;
        if (isEnd) throw result.error;
        const decision = decideRetry({
          safe: request.safe,
          sent: result.sent,
          error: result.error,
          attempt,
          remainingMs: bound.remainingMs,
          random: this.#random(),
        });
        if (!decision.retry) throw withOutcome(result, request);
        await bound.wait((signal) => this.#clock.sleep(decision.waitMs, signal));
      }
    } catch (error) {
      throw bound.isEnd(error) ? new CutShort(error, seen) : error;
    }
  }

  async #attempt(
    request: UpstreamRequest,
    scope: CallScope,
    traits: UpstreamTraits,
    attempt: number,
  ): Promise<UpstreamResponse | { error: CrmError; sent: boolean }> {
    const startedAt = performance.now();
    const report = (status: number | null, records?: number) =>
      scope.onCall?.({
        provider: scope.provider,
        connectionId: scope.connectionId,
        method: request.method,
        path: new URL(request.url).pathname,
        status,
        attempt,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        records: records ?? null,
      });
    const { bound, allowPrivateHosts } = scope;
    if (!request.safe || request.changes) bound.noteWriteSent();
    // A read ends by the signal. What changes something does not, and so is given its time beforehand.
    const remainingMs = request.safe ? Infinity : bound.remainingMs;
    try {
      const response = await this.#transport.send(
        scope.headers ? { ...request, headers: { ...request.headers, ...scope.headers } } : request,
        { remainingMs, signal: bound.signal, allowPrivateHosts },
      );
      const error = traits.classify(response);
      report(response.status, error ? undefined : traits.countRecords(response.body));
      if (scope.remember) this.#learn(request, scope, traits, response, error);
      return error ? { error, sent: true } : response;
    } catch (failure) {
      if (!(failure instanceof TransportFailure)) throw failure;
      report(null);
      return { error: failure.error, sent: failure.sent };
    }
  }

  #learn(
    request: UpstreamRequest,
    scope: CallScope,
    traits: UpstreamTraits,
    response: UpstreamResponse,
    error: CrmError | null,
  ): void {
    const stated = traits.rateLimit?.(response);
    if (stated) {
      this.#health.noteLimit(scope.paceKey, stated, this.#clock.now());
      if (stated.windowMs !== null) {
        this.#pacer.learn(scope.paceKey, { requests: stated.limit, perMs: stated.windowMs });
      }
    }
    if (error?.code === "PROVIDER_RATE_LIMITED" && scope.paced) {
      this.#pacer.block(scope.paceKey, request.lane, traits.rateRules, (error.details.retryAfter ?? 1) * 1000);
    }
  }

  #circuit(key: string): Circuit {
    let circuit = this.#circuits.get(key);
    if (!circuit) {
      circuit = new Circuit(this.#circuitOptions);
      this.#circuits.set(key, circuit);
    }
    return circuit;
  }

  #bulkhead(key: string): Bulkhead {
    let bulkhead = this.#bulkheads.get(key);
    if (!bulkhead) {
      bulkhead = new Bulkhead(this.#bulkheadOptions);
      this.#bulkheads.set(key, bulkhead);
    }
    return bulkhead;
  }
}

/**
 * Says of a failed write whether it may have happened. A refusal leaves nothing open, be it a 4xx or an error inside a
 * 200; an answer that cannot be understood does, whatever its status.
 */
function withOutcome({ error, sent }: { error: CrmError; sent: boolean }, request: UpstreamRequest): CrmError {
  if (request.safe) return error;
  if (!sent) return error.with({ outcome: "NOT_SENT" });
  const status = error.details.upstream?.status;
  const isUnclear = status === undefined || status >= 500 || (status < 400 && error.code === "PROVIDER_ERROR");
  return isUnclear ? error.with({ outcome: "UNKNOWN" }) : error;
}

function describeFailure(error: unknown, request: UpstreamRequest, scope: CallScope): unknown {
  const where = {
    provider: scope.provider,
    ...(scope.connectionId === null ? {} : { connectionId: scope.connectionId }),
  };
  if (error instanceof BulkheadFullError) {
    return new CrmError("SERVICE_UNAVAILABLE", {
      ...where,
      detail: "Too many calls are waiting for this CRM. Retry later.",
      retryAfter: 1,
      ...(request.safe ? {} : { outcome: "NOT_SENT" }),
    });
  }
  if (!(error instanceof CrmError)) return error;
  const isUnsent = !request.safe && (error.code === "CIRCUIT_OPEN" || scope.bound.isEnd(error));
  const notSent = isUnsent ? { outcome: "NOT_SENT" as const } : {};
  return error.with({ ...where, ...notSent });
}
