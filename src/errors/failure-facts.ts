import type { ErrorCode } from "./catalogue.js";
import type { CrmError, UpstreamFacts, WriteOutcome } from "./crm-error.js";

/** What logs and metrics may know of an error: ids and codes, but no input and no link. */
export interface FailureFacts {
  code: ErrorCode;
  provider: string | null;
  connectionId: string | null;
  /** What the CRM's answer said. Null if there was none. */
  upstream: UpstreamFacts | null;
  /** Whether a failed write happened. Null for reads. */
  outcome: WriteOutcome | null;
  /** A sentence of crmesh about this failure. */
  detail: string | null;
}

/** Returns the facts of an error. */
export function failureFacts({ code, details }: CrmError): FailureFacts {
  const { provider = null, connectionId = null, upstream = null, outcome = null, detail = null } = details;
  return { code, provider, connectionId, upstream, outcome, detail };
}

/**
 * True if a CRM caused the error, or if crmesh refused a call because of the CRM's earlier failures. A CRM that does not have
 * a record has not failed.
 */
export function isProviderFailure({ definition, recordMissing }: CrmError): boolean {
  return definition.origin === "PROVIDER" && !recordMissing;
}
