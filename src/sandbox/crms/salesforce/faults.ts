import type { FastifyReply, FastifyRequest } from "fastify";
import type { SpokenFault } from "../../kit/crm.js";
import { failure, requestLimitExceeded, sessionInvalid, unknownException, type SalesforceError } from "./errors.js";
import { DEAD_TOKEN, EXPIRED_GRANT, oauthCall, refuse, refuseRevocation } from "./routes/oauth.js";

/** Answers in the way that Salesforce has that fault; a call for a token has its own. */
export function speakFault(fault: SpokenFault, request: FastifyRequest, reply: FastifyReply): boolean {
  const call = oauthCall(request);
  if (call !== null && fault === "PROVIDER_AUTH_FAILED") return false;
  if (call === "TOKEN" && fault === "NEEDS_REAUTH") refuse(reply, EXPIRED_GRANT);
  else if (call === "REVOKE" && fault === "NEEDS_REAUTH") refuseRevocation(reply, DEAD_TOKEN);
  else {
    const error = errorOf(fault);
    void reply.code(error.status).send(error.details);
  }
  return true;
}

function errorOf(fault: SpokenFault): SalesforceError {
  switch (fault) {
    case "PROVIDER_ERROR":
      return unknownException();
    case "PROVIDER_RATE_LIMITED":
      return requestLimitExceeded();
    case "PROVIDER_UNAVAILABLE":
      return failure(503, "SERVER_UNAVAILABLE", "We are down for maintenance.");
    case "PROVIDER_AUTH_FAILED":
      return failure(403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.");
    case "NEEDS_REAUTH":
      return sessionInvalid();
  }
}
