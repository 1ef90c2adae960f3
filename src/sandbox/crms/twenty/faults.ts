import { faultSpeaker } from "../../kit/faults.js";
import { badToken, limitReached, noPermission, TwentyError } from "./errors.js";

const PROXY_PAGE =
  "<html>\n<head><title>503 Service Temporarily Unavailable</title></head>\n<body><center><h1>503 Service Temporarily Unavailable</h1></center></body>\n</html>\n";

/** Twenty's keys are its only credential: there is no endpoint that gives tokens for them. */
export const speakFault = faultSpeaker({
  tokenPaths: [],
  api: {
    PROVIDER_ERROR: new TwentyError(500, "Error", "Internal server error"),
    PROVIDER_RATE_LIMITED: limitReached(),
    PROVIDER_UNAVAILABLE: { status: 503, body: PROXY_PAGE },
    PROVIDER_AUTH_FAILED: noPermission(),
    NEEDS_REAUTH: badToken(),
  },
  token: {},
});
