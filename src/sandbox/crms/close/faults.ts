import { faultSpeaker } from "../../kit/faults.js";
import { forbidden, rateLimited, refusal, unauthorized } from "./errors.js";
import { INVALID_GRANT, REVOCATION_PATH, TOKEN_PATH } from "./oauth.js";

const PAGE =
  "<html>\n<head><title>503 Service Temporarily Unavailable</title></head>\n<body><center><h1>503 Service Temporarily Unavailable</h1></center></body>\n</html>\n";

export const speakFault = faultSpeaker({
  tokenPaths: [TOKEN_PATH, REVOCATION_PATH],
  api: {
    PROVIDER_ERROR: refusal(500, "Internal Server Error"),
    PROVIDER_RATE_LIMITED: rateLimited(16, 0.75),
    PROVIDER_UNAVAILABLE: { status: 503, body: PAGE },
    PROVIDER_AUTH_FAILED: forbidden(),
    NEEDS_REAUTH: unauthorized(),
  },
  token: { PROVIDER_AUTH_FAILED: null, NEEDS_REAUTH: INVALID_GRANT },
});
