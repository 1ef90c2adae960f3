/**
 * There is no answer of crmesh: no connection, no response in time, or a response that is not GraphQL, e.g. of a proxy.
 * A write may have happened all the same.
 */
export class CrmeshTransportError extends Error {
  override readonly name = "CrmeshTransportError";
  /** HTTP status. Null if there was no response. */
  readonly status: number | null;
  /** Seconds that the response asks to wait. */
  readonly retryAfter: number | undefined;
  /** UNKNOWN for an operation that may write, because crmesh may have carried it out. */
  readonly outcome: "UNKNOWN" | undefined;
  /** True if the same operation may be sent again: it only reads, and its failure may be temporary. */
  readonly repeatable: boolean;

  constructor(
    message: string,
    facts: { status: number | null; retryAfter?: number | undefined; isWrite: boolean; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.retryAfter = facts.retryAfter;
    this.outcome = facts.isWrite ? "UNKNOWN" : undefined;
    this.repeatable = !facts.isWrite && isTemporary(facts.status);
  }
}

function isTemporary(status: number | null): boolean {
  return status === null || status === 408 || status === 429 || status >= 500;
}
