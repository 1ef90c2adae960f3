import { faultSpeaker } from "../../kit/faults.js";
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
    PROVIDER_UNAVAILABLE: page(503, "503 Service Temporarily Unavailable"),
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
    PROVIDER_ERROR: page(500, "500 Internal Server Error"),
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_REFRESH_TOKEN,
  },
});

/** What the content network in front of HubSpot answers with. */
function page(status: number, title: string) {
  return {
    status,
    body: `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center><hr><center>cloudflare</center></body>\n</html>\n`,
  };
}
