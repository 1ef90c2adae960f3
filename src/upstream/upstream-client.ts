import { BulkheadRejectedError, bulkhead, type BulkheadPolicy } from "cockatiel";
import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import { Circuit, CIRCUIT_DEFAULTS, type CircuitOptions } from "./circuit.js";
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
  bulkhead?: { concurrent: number; waiting: number };
  random?: () => number;
}

const BULKHEAD_DEFAULTS = { concurrent: 10, waiting: 1_000 };
const MAX_CIRCUITS = 10_000;
const MAX_BULKHEADS = 10_000;

/**
 * Everything about time and failure between an adapter and a CRM, outside in:
 * pacing → bulkhead → circuit → retry → deadline → HTTP. A request counts once against its circuit, after its retries.
 */
export class UpstreamClient {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #health = new HealthMemory();
  readonly #random: () => number;
  readonly #circuitOptions: CircuitOptions;
  readonly #bulkheadOptions: { concurrent: number; waiting: number };
  readonly #circuits = new LRUCache<string, Circuit>({ max: MAX_CIRCUITS });
  readonly #bulkheads = new LRUCache<string, BulkheadPolicy>({ max: MAX_BULKHEADS });

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
      if (scope.paced) await this.#pacer.acquire(scope.paceKey, request.lane, traits.rateRules, scope.deadline);
      return await this.#bulkhead(scope.paceKey).execute(() =>
        this.#circuit(scope.circuitKey).execute(() => this.#attempts(request, scope, traits)),
      );
    } catch (error) {
      if (scope.remember && scope.connectionId !== null && error instanceof CrmError) {
        this.#health.noteError(scope.connectionId, error, this.#clock.now());
      }
      throw describeFailure(error, request, scope);
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

  async #attempts(request: UpstreamRequest, scope: CallScope, traits: UpstreamTraits): Promise<UpstreamResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const remainingMs = scope.deadline - this.#clock.now();
      if (remainingMs <= 0) {
        throw new CrmError("SERVICE_UNAVAILABLE", {
          detail: "The time for this request ran out while it waited.",
          outcome: "NOT_SENT",
        });
      }
      const result = await this.#attempt(request, scope, traits, attempt, remainingMs);
      if (!("error" in result)) return result;
      const decision = decideRetry({
        safe: request.safe,
        sent: result.sent,
        error: result.error,
        attempt,
        remainingMs: scope.deadline - this.#clock.now(),
        random: this.#random(),
      });
      if (!decision.retry) throw withOutcome(result, request);
      await this.#clock.sleep(decision.waitMs);
    }
  }

  async #attempt(
    request: UpstreamRequest,
    scope: CallScope,
    traits: UpstreamTraits,
    attempt: number,
    remainingMs: number,
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
    try {
      const response = await this.#transport.send(
        scope.headers ? { ...request, headers: { ...request.headers, ...scope.headers } } : request,
        { remainingMs, signal: scope.signal, allowPrivateHosts: scope.allowPrivateHosts },
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

  #bulkhead(key: string): BulkheadPolicy {
    let policy = this.#bulkheads.get(key);
    if (!policy) {
      policy = bulkhead(this.#bulkheadOptions.concurrent, this.#bulkheadOptions.waiting);
      this.#bulkheads.set(key, policy);
    }
    return policy;
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
  if (error instanceof BulkheadRejectedError) {
    return new CrmError("SERVICE_UNAVAILABLE", {
      ...where,
      detail: "Too many calls wait for this CRM.",
      retryAfter: 1,
      ...(request.safe ? {} : { outcome: "NOT_SENT" }),
    });
  }
  if (!(error instanceof CrmError)) return error;
  const notSent = !request.safe && error.code === "CIRCUIT_OPEN" ? { outcome: "NOT_SENT" as const } : {};
  return error.with({ ...where, ...notSent });
}
