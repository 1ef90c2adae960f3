import { randomBytes } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import { originOf } from "../../kit/request.js";
import { everyCodeRefusal, type OAuthSettings } from "../../oauth/authorization-server.js";
import { ACCESS_TOKEN_SECONDS, TOKENS } from "./credentials.js";

const SCOPES: Readonly<Record<string, string>> = {
  base: "Know which account and user this is (base)",
  "contacts:read": "View people and organizations (contacts:read)",
  "contacts:full": "Create, change and delete people and organizations (contacts:full)",
  "leads:read": "View leads (leads:read)",
  "leads:full": "Create, change and delete leads (leads:full)",
  "activities:read": "View activities (activities:read)",
  "activities:full": "Create, change and delete activities (activities:full)",
  "users:read": "View users (users:read)",
  "search:read": "Search through all of it (search:read)",
};

export const TOKEN_PATH = "/oauth/token";

/** Source: pipedrive.readme.io, "Marketplace OAuth status codes"; the standard's code stands beside Pipedrive's words. */
function refusal(error: string, message: string, status = 400): WireAnswer {
  return { status, body: { success: false, message, error } };
}

const BAD_CODE = refusal("invalid_grant", "Invalid grant: authorization code is invalid");
export const BAD_REFRESH_TOKEN = refusal("invalid_grant", "Invalid grant: refresh_token is invalid");

/** An app's scopes are set where it is registered; here they are those that it asks for, or all. */
export const OAUTH: OAuthSettings = {
  consent: {
    path: "/oauth/authorize",
    rules: { scopes: SCOPES, defaultScopes: Object.keys(SCOPES), hasOptionalScopes: false, needsResponseType: false },
    words: { crm: "Pipedrive", allow: "Allow and install", deny: "Cancel", accent: "#017737" },
    denied: "The user denied the installation.",
    faults: {
      REPEATED_PARAMETER: { message: "A parameter was given twice." },
      CLIENT: { message: "Invalid client: client is invalid" },
      REDIRECT_URI: { message: "Invalid client: redirect_uri does not match the registered callback URL" },
      RESPONSE_TYPE: { message: "Unsupported response type", error: "unsupported_response_type" },
      SCOPE: { message: "Invalid scope", error: "invalid_scope" },
      CODE_CHALLENGE: { message: "Invalid code challenge", error: "invalid_request" },
    },
  },
  tokenPaths: [TOKEN_PATH],
  revocationPaths: ["/oauth/revoke"],
  format: TOKENS,
  clientAuthentication: "BASIC",
  accessTokenS: ACCESS_TOKEN_SECONDS,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 5 * 60_000,
  newCode: () => randomBytes(20).toString("hex"),
  answer: (grant, { accessToken, refreshToken, expiresInS }, request) => ({
    access_token: accessToken,
    token_type: "Bearer",
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: (grant.scopes ?? Object.keys(SCOPES)).join(","),
    expires_in: expiresInS,
    // Every company has an address of its own; in the sandbox all of them are this server.
    api_domain: originOf(request),
  }),
  refusals: {
    CLIENT: refusal("invalid_client", "Invalid client: client is invalid", 401),
    GRANT_TYPE: refusal("unsupported_grant_type", "Unsupported grant type: `grant_type` is invalid"),
    REFRESH_TOKEN: BAD_REFRESH_TOKEN,
    ...everyCodeRefusal(BAD_CODE),
    EXPIRED: refusal("invalid_grant", "Invalid grant: authorization code has expired"),
    WRONG_REDIRECT_URI: refusal("invalid_grant", "Invalid grant: `redirect_uri` is not valid"),
  },
  revoked: () => ({ status: 200, body: {} }),
};
