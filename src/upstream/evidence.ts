import { CrmError } from "../errors/crm-error.js";

/** Thrown for a call that the bound of its caller, or a time limit of crmesh, ended. */
export class CutShort extends Error {
  override readonly name = "CutShort";

  /**
   * @param told the error for the caller
   * @param seen the CRM's last error before the end; null if there was none
   */
  constructor(
    readonly told: CrmError,
    readonly seen: CrmError | null,
  ) {
    super(told.message);
  }
}

/** True for failures of the API itself: no answer in the transport's whole time, or a status of at least 500. */
export function countsAsFailure(error: unknown): boolean {
  if (error instanceof CutShort) return countsAsFailure(error.seen);
  if (!(error instanceof CrmError) || !error.definition.countsAgainstCircuit) return false;
  if (error.details.isFinal) return false;
  return error.code === "PROVIDER_UNAVAILABLE" || (error.details.upstream?.status ?? 0) >= 500;
}

/** True if the error is an answer of an API that works: it refuses a credential, an input or one more request. */
export function isAnswer(error: unknown): boolean {
  if (error instanceof CutShort) return isAnswer(error.seen);
  return error instanceof CrmError && error.details.upstream?.status !== undefined && !countsAsFailure(error);
}
