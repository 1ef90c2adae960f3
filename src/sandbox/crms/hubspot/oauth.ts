import { randomUUID } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import type { OAuthSettings } from "../../oauth/authorization-server.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { HubSpotAccount } from "./account.js";

const VERSIONS = ["v1", "v3", "2026-03", "2026-09"];
const TOKEN_PATHS = VERSIONS.map((version) => `/oauth/${version}/token`);

const SCOPES: Readonly<Record<string, string>> = {
  oauth: "Know which account this is (oauth)",
  "crm.objects.contacts.read": "View contacts and meetings (crm.objects.contacts.read)",
  "crm.objects.contacts.write": "Create, change and delete contacts and meetings (crm.objects.contacts.write)",
  "crm.objects.leads.read": "View leads (crm.objects.leads.read)",
  "crm.objects.leads.write": "Create, change and delete leads (crm.objects.leads.write)",
  "crm.objects.companies.read": "View companies (crm.objects.companies.read)",
  "crm.objects.owners.read": "View owners (crm.objects.owners.read)",
};

/** A refusal of the token endpoint. Apps can rely only on `status` and `error`. */
function refusal(status: string, error: string, message: string): WireAnswer {
  return { status: 400, body: { status, error, error_description: message, message } };
}

/** The error of RFC 7009 for a call without a token. HubSpot's own error is not known. */
const MISSING_TOKEN = refusal("BAD_REQUEST", "invalid_request", "missing token");

/** HubSpot reads all parameters from the form in the body, and ignores the URL and the Authorization header. */
export const OAUTH: OAuthSettings<HubSpotAccount> = {
  consent: {
    path: "/oauth/authorize",
    rules: { scopes: SCOPES, defaultScopes: null, hasOptionalScopes: true, responseTypeOptional: true },
    words: { crm: "HubSpot", allow: "Connect app", deny: "Cancel", accent: "#b23b0f" },
    // The error code is that of OAuth. HubSpot's text is not known.
    denied: "The user declined to connect the app.",
    messages: {
      REPEATED_PARAMETER: "Authorization failed because a parameter was given twice.",
      CLIENT: "Authorization failed because an invalid client_id was provided.",
      REDIRECT_URI: "Authorization failed as the redirect URL doesn’t match the app’s registered redirect URL.",
      RESPONSE_TYPE: "Authorization failed because the response type is not supported.",
      SCOPE: "Authorization failed because one or more scopes are missing or invalid.",
      CODE_CHALLENGE: "Authorization failed because the code challenge is not valid: only S256 is supported.",
    },
    // HubSpot shows the mistakes of an app to the user and not to the app.
    errorCodes: {},
  },
  tokenPaths: TOKEN_PATHS,
  revocationPaths: TOKEN_PATHS.map((path) => `${path}/revoke`),
  format: new TokenFormat({ prefix: "hs", staticPrefix: "pat-sandbox-" }),
  clientAuthentication: "FORM",
  revocationNeedsClient: true,
  accessTokenS: 1800,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 60_000,
  newCode: randomUUID,
  answer: (standard, { grant, account }) => ({
    ...standard,
    token_type: "bearer",
    hub_id: account.portalId,
    scopes: grant.scopes ?? Object.keys(SCOPES),
  }),
  // The statuses, and the message for an unknown code, are HubSpot's. OAuth requires `invalid_grant` as the `error` of
  // all of these. The other messages are invented. One client also knows EXPIRED_AUTH_CODE.
  refusals: {
    CODE: refusal("BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code"),
    WRONG_REDIRECT_URI: refusal(
      "MISMATCH_REDIRECT_URI_AUTH_CODE",
      "invalid_grant",
      "redirect URI must match the one the auth code was requested with",
    ),
    WRONG_VERIFIER: refusal("BAD_CODE_VERIFIER", "invalid_grant", "missing or invalid code verifier"),
    NO_REDIRECT_URI: refusal("BAD_REDIRECT_URI", "invalid_grant", "missing or unknown redirect URI"),
    CLIENT: refusal("BAD_CLIENT_ID", "invalid_client", "missing or unknown client id"),
    CLIENT_SECRET: refusal("BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret"),
    GRANT_TYPE: refusal("BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant_type"),
    REFRESH_TOKEN: refusal("BAD_REFRESH_TOKEN", "invalid_grant", "refresh token is invalid, expired or revoked"),
  },
  // HubSpot documents the revocation of refresh tokens, but not whether their access tokens end, too. Here, they end.
  // An unknown token gets the same answer, as RFC 7009 requires.
  revoked: (_outcome, parameters) => (parameters.has("token") ? { status: 200, body: "" } : MISSING_TOKEN),
};
