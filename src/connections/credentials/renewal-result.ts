import type { ErrorCode } from "../../errors/catalogue.js";
import type { Environment } from "../../store/schema.js";

/** A renewal that asked the provider. */
export interface RenewalResult {
  /** NEEDS_REAUTH: the provider refused, and the connection now has this status. FAILED: it may succeed later. */
  outcome: "RENEWED" | "NEEDS_REAUTH" | "FAILED";
  provider: string;
  workspaceId: string;
  environment: Environment;
  /** crmesh's own id (`eu_…`). */
  endUserId: string;
  connectionId: string;
  /** Code of the failure. Null after a success. */
  code: ErrorCode | null;
  requestId: string;
}

export type RenewalObserver = (result: RenewalResult) => void;
