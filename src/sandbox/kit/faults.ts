import type { SandboxCrm, SpokenFault, WireAnswer } from "./crm.js";
import { wireAnswer } from "./wire.js";

/** How one CRM says that something is wrong. */
export interface FaultWords {
  /** Whether a path is one that apps call for their tokens. */
  isTokenCall(path: string): boolean;
  api: Readonly<Record<SpokenFault, WireAnswer>>;
  /** Where the token endpoint speaks otherwise; null lets the call go on. */
  token: Readonly<Partial<Record<SpokenFault, WireAnswer | null>>>;
}

/** A CRM's `speakFault`, of its answers as data. */
export function faultSpeaker({ isTokenCall, api, token }: FaultWords): SandboxCrm["speakFault"] {
  return (fault, request, reply) => {
    const own = isTokenCall(request.url.split("?")[0]!) ? token[fault] : undefined;
    if (own === null) return false;
    void wireAnswer(reply, own ?? api[fault]);
    return true;
  };
}
