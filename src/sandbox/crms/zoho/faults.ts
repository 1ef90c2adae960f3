import type { WireAnswer } from "../../kit/crm.js";
import { faultSpeaker } from "../../kit/faults.js";
import { internalError, invalidToken, scopeMismatch, tooManyRequests } from "./errors.js";
import { BAD_GRANT, THROTTLED, TOKEN_PATHS } from "./oauth.js";

function page(status: number, title: string): WireAnswer {
  return {
    status,
    body: `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>ZGS</p></body>\n</html>\n`,
  };
}

export const speakFault = faultSpeaker({
  tokenPaths: TOKEN_PATHS,
  api: {
    PROVIDER_ERROR: internalError(),
    PROVIDER_RATE_LIMITED: tooManyRequests({ "X-API-CREDITS-REMAINING": "0" }),
    PROVIDER_UNAVAILABLE: page(503, "503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: scopeMismatch(),
    NEEDS_REAUTH: invalidToken(),
  },
  token: {
    PROVIDER_ERROR: page(500, "500 Internal Server Error"),
    PROVIDER_RATE_LIMITED: THROTTLED,
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_GRANT,
  },
});
