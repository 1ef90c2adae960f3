import { faultSpeaker } from "../../kit/faults.js";
import { errorPage } from "../../kit/wire.js";
import { badToken, limitReached, noPermission, TwentyError } from "./errors.js";

/** Twenty's keys are its only credential: there is no endpoint that gives tokens for them. */
export const speakFault = faultSpeaker({
  tokenPaths: [],
  api: {
    PROVIDER_ERROR: new TwentyError(500, "Error", "Internal server error"),
    PROVIDER_RATE_LIMITED: limitReached(),
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable"),
    PROVIDER_AUTH_FAILED: noPermission(),
    NEEDS_REAUTH: badToken(),
  },
  token: {},
});
