import type { SandboxCrm, SpokenFault, WireAnswer } from "./crm.js";
import { pathOf } from "./request.js";
import { wireAnswer } from "./wire.js";

/** How one CRM says that something is wrong. */
export interface FaultWords {
  /** The paths that apps call for their tokens, and to revoke them. */
  tokenPaths: readonly string[];
  api: Readonly<Record<SpokenFault, WireAnswer>>;
  /** Where the token endpoint speaks otherwise; null lets the call go on. */
  token: Readonly<Partial<Record<SpokenFault, WireAnswer | null>>>;
}

/** A CRM's `speakFault`, of its answers as data. */
export function faultSpeaker({ tokenPaths, api, token }: FaultWords): SandboxCrm["speakFault"] {
  return (fault, request, reply) => {
    const own = tokenPaths.includes(pathOf(request)) ? token[fault] : undefined;
    if (own === null) return false;
    void wireAnswer(reply, own ?? api[fault]);
    return true;
  };
}
