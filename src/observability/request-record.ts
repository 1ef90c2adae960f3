import type {
  FailedCall,
  FailureGroup,
  ProviderFailure,
  RequestCaller,
  RequestOperation,
  RequestSummary,
} from "./request-summary.js";

/** Groups of failures that a record keeps. An operation over ten CRMs rarely has more than one kind at each. */
const MAX_GROUPS = 20;

/** How a request ended. */
export type RequestEnd = Pick<RequestSummary, "method" | "route" | "status" | "durationMs" | "callerLeft">;

/** The ids with which every log line of a request begins. */
export interface RequestIdFields {
  requestId: string;
  traceId?: string;
}

/** Collects what one request does while it runs. Its size does not depend on the number of calls and failures. */
export class RequestRecord {
  readonly requestId: string;
  traceId: string | null;
  caller: RequestCaller | null = null;
  operation: RequestOperation | null = null;
  #endUserId: string | null = null;
  #upstreamCalls = 0;
  #ungrouped = 0;
  readonly #errors = new Map<string, number>();
  readonly #groups = new Map<string, Mutable<FailureGroup>>();

  constructor(requestId: string, traceId: string | null) {
    this.requestId = requestId;
    this.traceId = traceId;
  }

  get ids(): RequestIdFields {
    const { requestId, traceId } = this;
    return traceId === null ? { requestId } : { requestId, traceId };
  }

  /** Code of the response's errors → their number, so far. */
  get errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  /** Attempts of calls to CRMs, so far. */
  get upstreamCalls(): number {
    return this.#upstreamCalls;
  }

  /** Notes an end user of the request. The first one stays. */
  noteEndUser(id: string): void {
    this.#endUserId ??= id;
  }

  /** Notes one attempt of a call to a CRM. */
  noteCall(): void {
    this.#upstreamCalls += 1;
  }

  /** Replaces the noted errors by those of the response. */
  noteErrors(codes: Iterable<string>): void {
    this.#errors.clear();
    for (const code of codes) this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Notes a failed call to a CRM. */
  noteFailedCall({ attempt, retried, ...failure }: FailedCall): void {
    const group = this.#groupOf(failure);
    if (!group) return;
    group.attempt = Math.max(group.attempt, attempt);
    group.calls += 1;
    if (retried) group.retried += 1;
  }

  /** Notes an error of the response that a CRM caused. */
  noteFailedField(failure: ProviderFailure): void {
    const group = this.#groupOf(failure);
    if (group) group.errors += 1;
  }

  summary(end: RequestEnd): RequestSummary {
    return {
      ...end,
      requestId: this.requestId,
      traceId: this.traceId,
      caller: this.caller,
      endUserId: this.#endUserId,
      operation: this.operation,
      errors: this.#errors,
      upstreamCalls: this.#upstreamCalls,
      failures: [...this.#groups.values()],
      ungroupedFailures: this.#ungrouped,
    };
  }

  /** A failed call and the fields that fail with it have the same code and the same answer of the CRM. */
  #groupOf(failure: ProviderFailure): Mutable<FailureGroup> | null {
    const { provider, connectionId, code, upstream } = failure;
    const key = [provider, connectionId, code, upstream?.status, upstream?.code].join("\n");
    let group = this.#groups.get(key);
    if (!group) {
      if (this.#groups.size >= MAX_GROUPS) {
        this.#ungrouped += 1;
        return null;
      }
      group = { ...failure, attempt: 0, calls: 0, retried: 0, errors: 0 };
      this.#groups.set(key, group);
    }
    group.upstream = { ...group.upstream, ...failure.upstream };
    group.outcome = failure.outcome ?? group.outcome;
    group.detail ??= failure.detail;
    return group;
  }
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
