import { faultSpeaker } from "../../kit/faults.js";
import { DataverseError, missingPrivilege, tooManyRequests, unauthorized } from "./errors.js";
import { BAD_REFRESH_TOKEN, TOKEN_PATH } from "./oauth.js";

const UNAVAILABLE =
  "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><p>HTTP Error 503. The service is unavailable.</p></body></html>";

/** Dataverse’s words for each fault, and those of Microsoft Entra ID where it speaks for itself. */
export const speakFault = faultSpeaker({
  tokenPaths: [TOKEN_PATH],
  api: {
    PROVIDER_ERROR: new DataverseError(500, "0x80040216", "An unexpected error occurred."),
    PROVIDER_RATE_LIMITED: tooManyRequests(12),
    PROVIDER_UNAVAILABLE: { status: 503, body: UNAVAILABLE },
    PROVIDER_AUTH_FAILED: missingPrivilege(),
    NEEDS_REAUTH: unauthorized("EMPTY"),
  },
  token: {
    PROVIDER_ERROR: {
      status: 500,
      body: { error: "server_error", error_description: "AADSTS90033: A transient error has occurred." },
    },
    PROVIDER_AUTH_FAILED: null,
    NEEDS_REAUTH: BAD_REFRESH_TOKEN,
  },
});
