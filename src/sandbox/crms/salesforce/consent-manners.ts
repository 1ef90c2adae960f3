import type { ConsentManners } from "../../oauth/consent-routes.js";

const SCOPES: Readonly<Record<string, string>> = {
  refresh_token: "Perform requests at any time (refresh_token)",
  offline_access: "Perform requests at any time (offline_access)",
  api: "Manage user data via APIs (api)",
  id: "Access the identity URL service (id)",
  full: "Full access (full)",
};

/** What a connected app has when nobody asked for less. */
export const DEFAULT_SCOPES = ["refresh_token", "api"];

/** `full` is not as full as it sounds. */
export function hasRefreshToken(scopes: readonly string[]): boolean {
  return scopes.includes("refresh_token") || scopes.includes("offline_access");
}

/** Salesforce tells an app of its mistakes once it knows that the redirect URI is the app's own. */
export const CONSENT_MANNERS: ConsentManners = {
  path: "/services/oauth2/authorize",
  rules: { scopes: SCOPES, defaultScopes: DEFAULT_SCOPES, hasOptionalScopes: false, needsResponseType: true },
  words: { crm: "Salesforce", allow: "Allow", deny: "Deny", accent: "#0b5cab" },
  denied: "end-user denied authorization",
  faults: {
    REPEATED_PARAMETER: { message: "invalid_request: a parameter was given twice" },
    CLIENT: { message: "invalid_client_id: client identifier invalid" },
    REDIRECT_URI: { message: "redirect_uri_mismatch: redirect_uri must match configuration" },
    RESPONSE_TYPE: { message: "response type not supported", error: "unsupported_response_type" },
    SCOPE: { message: "requested scope is invalid, unknown, or malformed", error: "invalid_scope" },
    // Salesforce's own words for it are not known.
    CODE_CHALLENGE: { message: "code challenge is not valid", error: "invalid_request" },
  },
};
