import { CrmError } from "../errors/crm-error.js";
import type { CallWatch } from "./call-watch.js";
import type { Clock } from "./clock.js";
import { CutShort } from "./evidence.js";
import { describeFailure, reportFailure, withOutcome, type FailedAttempt } from "./failed-call.js";
import type { FairShares } from "./fair-shares.js";
import type { HealthMemory } from "./health.js";
import type { PaceTurn } from "./pace-turn.js";
import type { Pacer } from "./pacer.js";
import type { CallOptions, SendableRequest, UpstreamRequest, UpstreamResponse, UpstreamTraits } from "./request.js";
import { decideRetry, SHORT_WAIT_MS } from "./retry-decision.js";
import { boundedLimit } from "./stated.js";
import { TransportFailure, type Transport } from "./transport.js";

/** How far a call has come. */
export interface Progress {
  /** Attempts that were made. */
  attempts: number;
  watch: CallWatch | null;
}

/** A call that is to be sent, and what it needs. */
export interface AttemptedCall {
  request: SendableRequest;
  call: CallOptions;
  traits: UpstreamTraits;
  /** Null if the call is not paced. */
  turn: PaceTurn | null;
  progress: Progress;
}

/** Thrown by a call whose turn has not come. It was not sent. */
export class NotYet extends Error {
  override readonly name = "NotYet";

  constructor(readonly waitMs: number) {
    super(`Its turn comes in ${waitMs} ms`);
  }
}

export interface AttemptsOptions {
  transport: Transport;
  shares: FairShares;
  pacer: Pacer;
  health: HealthMemory;
  clock: Pick<Clock, "sleep">;
  random: () => number;
}

/** Sends calls, and repeats attempts that failed if that is safe. */
export class Attempts {
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** @throws NotYet; CrmError, with `outcome` for a failed write; CutShort if the bound ended the call */
  async run(attempted: AttemptedCall): Promise<UpstreamResponse> {
    const { request, call, progress } = attempted;
    const { bound } = call;
    let failed: FailedAttempt | null = null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        bound.assertOpen();
        const result = await this.#attemptInTurn(attempted, attempt, failed);
        if (!("error" in result)) return result;
        // What crmesh or the caller ended says nothing about the CRM. Earlier attempts do.
        if (bound.isEnd(result.error)) throw result.error;
        if (result.isCut) throw new CutShort(withOutcome(result, request), failed?.error ?? null);
        failed = result;
        const decision = decideRetry({
          safe: request.safe,
          sent: result.sent,
          error: result.error,
          attempt,
          remainingMs: bound.remainingMs,
          random: this.#options.random(),
        });
        if (!decision.retry) throw withOutcome(result, request);
        reportFailure(describeFailure(result.error, request, call), call, { attempt, retried: true });
        progress.watch?.enter("retry");
        await bound.wait((signal) => this.#options.clock.sleep(decision.waitMs, signal));
      }
    } catch (error) {
      throw bound.isEnd(error) ? new CutShort(error, failed?.error ?? null) : error;
    }
  }

  /**
   * Makes one attempt when the account's limit allows.
   * @param failed the attempt before it
   * @throws NotYet if no attempt was made yet; otherwise waits, or fails as that attempt did if the wait is too long
   */
  async #attemptInTurn(
    attempted: AttemptedCall,
    attempt: number,
    failed: FailedAttempt | null,
  ): Promise<UpstreamResponse | FailedAttempt> {
    const { request, call, turn, progress } = attempted;
    const { bound } = call;
    const { origin } = request.target;
    for (;;) {
      progress.watch?.enter("share");
      // The wait for a place is not part of the attempt, whose time the CRM has for itself.
      const result = await this.#options.shares.run(
        call.allowPrivateHosts ? origin : `public ${origin}`,
        call.workspaceId,
        async () => {
          const waitMs = turn ? await begun(turn, attempted, failed) : 0;
          return waitMs > 0 ? waitMs : this.#watched(attempted, attempt);
        },
        bound,
      );
      if (typeof result !== "number") return result;
      if (failed === null) throw new NotYet(result);
      progress.watch?.enter("pace");
      await turn!.wait(result, bound);
    }
  }

  async #watched(attempted: AttemptedCall, attempt: number): Promise<UpstreamResponse | FailedAttempt> {
    const { progress, turn, call } = attempted;
    // The question for its turn may have taken a while.
    call.bound.assertOpen();
    progress.attempts = attempt;
    let wasSent = true;
    try {
      const once = () => this.#attempt(attempted, attempt);
      const result = await (progress.watch ? progress.watch.attempt(attempt, once) : once());
      if ("error" in result) wasSent = result.sent;
      return result;
    } finally {
      turn?.end(wasSent);
    }
  }

  async #attempt(
    { request, call, traits, turn, progress: { watch } }: AttemptedCall,
    attempt: number,
  ): Promise<UpstreamResponse | FailedAttempt> {
    const startedAt = performance.now();
    const report = (status: number | null, records?: number) => {
      const told = {
        provider: call.provider,
        connectionId: call.connectionId,
        method: request.method,
        path: request.target.pathname,
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
      const response = await this.#options.transport.send(
        call.headers ? { ...request, headers: { ...request.headers, ...call.headers } } : request,
        { remainingMs, signal: bound.signal, allowPrivateHosts, onSent: turn ? () => turn.sent() : undefined },
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
    const { health, pacer } = this.#options;
    const stated = boundedLimit(traits.rateLimit?.(response));
    if (stated) {
      health.noteLimit(call, stated);
      if (stated.windowMs !== null) {
        pacer.learn(call.paceKey, { requests: stated.limit, perMs: stated.windowMs });
      }
    }
    if (error?.code === "PROVIDER_RATE_LIMITED" && call.paced) {
      pacer.block(call.paceKey, request.lane, traits.rateRules, (error.details.retryAfter ?? 1) * 1000);
    }
  }
}

/** Asks for the turn of an attempt. @returns 0, or milliseconds to wait */
async function begun(turn: PaceTurn, { request, call }: AttemptedCall, failed: FailedAttempt | null): Promise<number> {
  try {
    return await turn.begin(call.bound, failed ? SHORT_WAIT_MS : undefined);
  } catch (error) {
    // The CRM's own answer says more than a wait of crmesh's.
    throw failed && error instanceof CrmError ? withOutcome(failed, request) : error;
  }
}
