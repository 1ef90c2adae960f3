import { faultSpeaker } from "../../kit/faults.js";
import { edgePage, internalError, limitReached, scopeMismatch, unauthorized } from "./errors.js";
import { BAD_REFRESH_TOKEN, TOKEN_PATH } from "./oauth.js";
import { BURST } from "./limits.js";

export const speakFault = faultSpeaker({
  tokenPaths: [TOKEN_PATH],
  api: {
    PROVIDER_ERROR: internalError(),
    PROVIDER_RATE_LIMITED: limitReached({
      "x-ratelimit-limit": String(BURST.oauth),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "2",
    }),
    PROVIDER_UNAVAILABLE: edgePage(503, "503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: scopeMismatch(),
    NEEDS_REAUTH: unauthorized(),
  },
  token: {
    PROVIDER_ERROR: { status: 500, body: { success: false, message: "Internal server error", error: "server_error" } },
    PROVIDER_UNAVAILABLE: edgePage(502, "502 Bad Gateway"),
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_REFRESH_TOKEN,
  },
});
