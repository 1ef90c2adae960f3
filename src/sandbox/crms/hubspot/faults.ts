import { faultSpeaker } from "../../kit/faults.js";
import { errorPage } from "../../kit/wire.js";
import { expiredToken, HubSpotError, missingScopes, rateLimited } from "./errors.js";
import { BAD_REFRESH_TOKEN, OAUTH_PATHS } from "./oauth.js";

export const speakFault = faultSpeaker({
  tokenPaths: OAUTH_PATHS,
  // Every answer has an id of its own, so it is made anew each time.
  api: {
    get PROVIDER_ERROR() {
      return new HubSpotError(500, "internal error");
    },
    get PROVIDER_RATE_LIMITED() {
      return rateLimited("TEN_SECONDLY_ROLLING");
    },
    PROVIDER_UNAVAILABLE: errorPage("503 Service Temporarily Unavailable", "cloudflare"),
    get PROVIDER_AUTH_FAILED() {
      return missingScopes(["crm.objects.contacts.read"]);
    },
    // An expiry in 1970 has been seen on tokens HubSpot does not know, so callers must not read anything into the date.
    get NEEDS_REAUTH() {
      return expiredToken(0, Date.now());
    },
  },
  token: {
    // The API fails in JSON; the token endpoint shows the other form callers meet.
    PROVIDER_ERROR: errorPage("500 Internal Server Error", "cloudflare"),
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_REFRESH_TOKEN,
  },
});
