import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import { Bulkhead, BulkheadFullError, type BulkheadOptions } from "./bulkhead.js";
import { Circuit, CIRCUIT_DEFAULTS, CutShort, type CircuitOptions } from "./circuit.js";
import { systemClock, type Clock } from "./clock.js";
import { HealthMemory, type UpstreamHealth } from "./health.js";
import { Pacer } from "./pacer.js";
import type { CallOptions, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "./request.js";
import { decideRetry } from "./retry-decision.js";
import { Transport, TRANSPORT_DEFAULTS, TransportFailure, type TransportOptions } from "./transport.js";

export interface UpstreamClientOptions {
  transport?: Partial<TransportOptions>;
  circuit?: Partial<CircuitOptions>;
  clock?: Clock;
  /** Maximum numbers of running and waiting calls, per account. */
  bulkhead?: BulkheadOptions;
  random?: () => number;
}

const BULKHEAD_DEFAULTS: BulkheadOptions = { concurrent: 10, waiting: 1_000 };
const MAX_CIRCUITS = 10_000;
const MAX_BULKHEADS = 10_000;

/**
 * Sends an adapter's requests to a CRM through pacing → bulkhead → circuit → retry → HTTP. A request counts once for its
 * circuit, after its retries. Every wait ends with the bound of the caller.
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

  /** @throws CrmError, with `outcome` for a failed write */
  async send(request: UpstreamRequest, call: CallOptions, traits: UpstreamTraits): Promise<UpstreamResponse> {
    try {
      return await call.bound.during(() => this.#sendWithin(request, call, traits));
    } catch (error) {
      const seen = error instanceof CutShort ? error.seen : error;
      if (call.remember && call.connectionId !== null && seen instanceof CrmError && !call.bound.isEnd(error)) {
        this.#health.noteError(call.connectionId, seen, this.#clock.now());
      }
      throw describeFailure(error instanceof CutShort ? error.told : error, request, call);
    }
  }

  /** Reports the health of calls with these keys, without making a call. */
  health(call: Pick<CallOptions, "circuitKey" | "paceKey" | "connectionId">): UpstreamHealth {
    const circuit = this.#circuits.peek(call.circuitKey);
    return {
      circuit: circuit?.status ?? "CLOSED",
      retryAfterMs: circuit?.retryAfterMs() ?? 0,
      rateLimit: this.#health.rateLimit(call.paceKey, this.#clock.now()),
      lastError: call.connectionId === null ? null : this.#health.lastError(call.connectionId),
    };
  }

  close(): void {
    this.#transport.close();
  }

  async #sendWithin(request: UpstreamRequest, call: CallOptions, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const { bound, paceKey, circuitKey } = call;
    bound.assertOpen();
    if (call.paced) await this.#pacer.acquire(paceKey, request.lane, traits.rateRules, bound);
    const attempts = () => this.#attempts(request, call, traits);
    return await this.#bulkhead(paceKey).run(() => this.#circuit(circuitKey).execute(attempts, bound), bound);
  }

  async #attempts(request: UpstreamRequest, call: CallOptions, traits: UpstreamTraits): Promise<UpstreamResponse> {
    const { bound } = call;
    let seen: CrmError | null = null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        bound.assertOpen();
        const result = await this.#attempt(request, call, traits, attempt);
        if (!("error" in result)) return result;
        const isEnd = bound.isEnd(result.error);
        // A call that its caller ended does not count against the CRM.
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
    call: CallOptions,
    traits: UpstreamTraits,
    attempt: number,
  ): Promise<UpstreamResponse | { error: CrmError; sent: boolean }> {
    const startedAt = performance.now();
    const report = (status: number | null, records?: number) =>
      call.onCall?.({
        provider: call.provider,
        connectionId: call.connectionId,
        method: request.method,
        path: new URL(request.url).pathname,
        status,
        attempt,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        records: records ?? null,
      });
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
      return error ? { error, sent: true } : response;
    } catch (failure) {
      if (!(failure instanceof TransportFailure)) throw failure;
      report(null);
      return { error: failure.error, sent: failure.sent };
    }
  }

  #learn(
    request: UpstreamRequest,
    call: CallOptions,
    traits: UpstreamTraits,
    response: UpstreamResponse,
    error: CrmError | null,
  ): void {
    const stated = traits.rateLimit?.(response);
    if (stated) {
      this.#health.noteLimit(call.paceKey, stated, this.#clock.now());
      if (stated.windowMs !== null) {
        this.#pacer.learn(call.paceKey, { requests: stated.limit, perMs: stated.windowMs });
      }
    }
    if (error?.code === "PROVIDER_RATE_LIMITED" && call.paced) {
      this.#pacer.block(call.paceKey, request.lane, traits.rateRules, (error.details.retryAfter ?? 1) * 1000);
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
 * Adds the outcome of a failed write. A refusal (a 4xx, or an error inside a 200) means that nothing was written. After an
 * answer that crmesh does not understand, the write may have happened.
 */
function withOutcome({ error, sent }: { error: CrmError; sent: boolean }, request: UpstreamRequest): CrmError {
  if (request.safe) return error;
  if (!sent) return error.with({ outcome: "NOT_SENT" });
  const status = error.details.upstream?.status;
  const isUnclear = status === undefined || status >= 500 || (status < 400 && error.code === "PROVIDER_ERROR");
  return isUnclear ? error.with({ outcome: "UNKNOWN" }) : error;
}

function describeFailure(error: unknown, request: UpstreamRequest, call: CallOptions): unknown {
  const where = {
    provider: call.provider,
    ...(call.connectionId === null ? {} : { connectionId: call.connectionId }),
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
  const isUnsent = !request.safe && (error.code === "CIRCUIT_OPEN" || call.bound.isEnd(error));
  const notSent = isUnsent ? { outcome: "NOT_SENT" as const } : {};
  return error.with({ ...where, ...notSent });
}
