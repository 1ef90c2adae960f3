import type { SandboxCrm, WireAnswer } from "../../kit/crm.js";
import { faultSpeaker } from "../../kit/faults.js";
import { internalError, invalidToken, scopeMismatch, tooManyRequests, type ZohoError } from "./errors.js";
import { BAD_GRANT, THROTTLED, TOKEN_PATHS } from "./oauth.js";

function spoken({ httpStatus, fault }: ZohoError, headers: Record<string, string> = {}): WireAnswer {
  return { status: httpStatus, body: fault, headers };
}

function page(status: number, title: string): WireAnswer {
  return {
    status,
    body: `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>ZGS</p></body>\n</html>\n`,
  };
}

export const speakFault: SandboxCrm["speakFault"] = faultSpeaker({
  tokenPaths: TOKEN_PATHS,
  api: {
    PROVIDER_ERROR: spoken(internalError()),
    PROVIDER_RATE_LIMITED: spoken(tooManyRequests(), { "X-API-CREDITS-REMAINING": "0" }),
    PROVIDER_UNAVAILABLE: page(503, "503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: spoken(scopeMismatch()),
    NEEDS_REAUTH: spoken(invalidToken()),
  },
  token: {
    PROVIDER_ERROR: page(500, "500 Internal Server Error"),
    PROVIDER_RATE_LIMITED: THROTTLED,
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_GRANT,
  },
});
