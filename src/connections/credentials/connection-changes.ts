import type { CrmError } from "../../errors/crm-error.js";
import type { NewConnectionEvent } from "../../store/connection-events.js";
import type { Operation } from "../calls/operation.js";

/** crmesh acts by itself, during a request. */
const BY_CRMESH = { actor: { kind: "CRMESH" } } as const;

export const REFRESHED = { ...BY_CRMESH, type: "REFRESHED" } as const;
export const NEEDS_REAUTH = { ...BY_CRMESH, type: "NEEDS_REAUTH", errorCode: "NEEDS_REAUTH" } as const;

export function refreshFailed(error: CrmError, requestId: string): NewConnectionEvent {
  return {
    ...BY_CRMESH,
    type: "REFRESH_FAILED",
    requestId,
    errorCode: error.code,
    detail: error.details.detail ?? null,
  };
}

/** The event of a change that the operation's caller makes. */
export function changeBy(
  { actor, requestId }: Operation,
  type: NewConnectionEvent["type"],
  detail: string | null = null,
): NewConnectionEvent {
  return { type, actor, requestId, detail };
}
