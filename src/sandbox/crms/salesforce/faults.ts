import type { SandboxCrm } from "../../kit/crm.js";
import { faultSpeaker } from "../../kit/faults.js";
import { pathOf } from "../../kit/request.js";
import { wireAnswer } from "../../kit/wire.js";
import { failure, requestLimitExceeded, sessionInvalid, unknownException } from "./errors.js";
import { DEAD_TOKEN, EXPIRED_GRANT, REVOCATION_PATH, TOKEN_PATH } from "./oauth.js";

const speak = faultSpeaker({
  tokenPaths: [TOKEN_PATH, REVOCATION_PATH],
  api: {
    PROVIDER_ERROR: unknownException(),
    PROVIDER_RATE_LIMITED: requestLimitExceeded(),
    PROVIDER_UNAVAILABLE: failure(503, "SERVER_UNAVAILABLE", "We are down for maintenance."),
    PROVIDER_AUTH_FAILED: failure(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
    NEEDS_REAUTH: sessionInvalid(),
  },
  token: { PROVIDER_AUTH_FAILED: null, NEEDS_REAUTH: EXPIRED_GRANT },
});

/** Answers in the way that Salesforce has that fault; of a token to be revoked it says that it is dead. */
export const speakFault: SandboxCrm["speakFault"] = (fault, request, reply) => {
  if (fault !== "NEEDS_REAUTH" || pathOf(request) !== REVOCATION_PATH) return speak(fault, request, reply);
  void wireAnswer(reply, DEAD_TOKEN);
  return true;
};
