import { faultSpeaker } from "../../kit/faults.js";
import { errorPage } from "../../kit/wire.js";

/** EspoCRM itself limits nothing; what does is the web server before it. */
export const speakFault = faultSpeaker({
  tokenPaths: [],
  api: {
    PROVIDER_ERROR: { status: 500, body: "" },
    PROVIDER_RATE_LIMITED: errorPage("429 Too Many Requests", "nginx"),
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable", "nginx"),
    PROVIDER_AUTH_FAILED: { status: 403, body: "", headers: { "x-status-reason": "No read access." } },
    NEEDS_REAUTH: { status: 401, body: "" },
  },
  token: {},
});
