import { faultSpeaker } from "../../kit/faults.js";
import { errorPage } from "../../kit/wire.js";
import { forbidden, rateLimited, refusal, unauthorized } from "./errors.js";
import { INVALID_GRANT, REVOCATION_PATH, TOKEN_PATH } from "./oauth.js";

export const speakFault = faultSpeaker({
  tokenPaths: [TOKEN_PATH, REVOCATION_PATH],
  api: {
    PROVIDER_ERROR: refusal(500, "Internal Server Error"),
    PROVIDER_RATE_LIMITED: rateLimited(16, 0.75),
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: forbidden(),
    NEEDS_REAUTH: unauthorized(),
  },
  token: { PROVIDER_AUTH_FAILED: null, NEEDS_REAUTH: INVALID_GRANT },
});
