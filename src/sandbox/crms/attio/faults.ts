import { faultSpeaker } from "../../kit/faults.js";
import { internalError, missingScope, rateLimited, unauthorized } from "./errors.js";
import { BAD_GRANT, TOKEN_PATHS } from "./oauth.js";

const LIMITED_MS = 2_000;

export const speakFault = faultSpeaker({
  tokenPaths: TOKEN_PATHS,
  api: {
    PROVIDER_ERROR: internalError(),
    // The date is that of the answer, so it is worked out anew each time.
    get PROVIDER_RATE_LIMITED() {
      return rateLimited(Date.now(), LIMITED_MS);
    },
    PROVIDER_UNAVAILABLE: {
      status: 503,
      body: "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>",
    },
    PROVIDER_AUTH_FAILED: missingScope("record_permission:read-write"),
    NEEDS_REAUTH: unauthorized(),
  },
  token: { PROVIDER_AUTH_FAILED: null, NEEDS_REAUTH: BAD_GRANT },
});
