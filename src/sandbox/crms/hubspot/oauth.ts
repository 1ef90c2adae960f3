import { randomUUID } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import { everyCodeRefusal, type OAuthSettings } from "../../oauth/authorization-server.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { HubSpotAccount } from "./account.js";

const VERSIONS = ["v1", "v3", "2026-03"];
const TOKEN_PATHS = VERSIONS.map((version) => `/oauth/${version}/token`);
const REVOCATION_PATHS = TOKEN_PATHS.map((path) => `${path}/revoke`);
export const OAUTH_PATHS = [...TOKEN_PATHS, ...REVOCATION_PATHS];

const ACCESS_TOKEN_S = 1800;
export const TOKENS = new TokenFormat({ prefix: "hs", staticPrefix: "pat-sandbox-" });

const SCOPES: Readonly<Record<string, string>> = {
  oauth: "Know which account this is (oauth)",
  "crm.objects.contacts.read": "View contacts and meetings (crm.objects.contacts.read)",
  "crm.objects.contacts.write": "Create, change and delete contacts and meetings (crm.objects.contacts.write)",
  "crm.objects.leads.read": "View leads (crm.objects.leads.read)",
  "crm.objects.leads.write": "Create, change and delete leads (crm.objects.leads.write)",
  "crm.objects.owners.read": "View owners (crm.objects.owners.read)",
};

/** A refusal of the token endpoint. Only `status` and `error` are fit to decide on. */
function refusal(status: string, error: string, message: string): WireAnswer {
  return { status: 400, body: { status, error, error_description: message, message } };
}

export const BAD_REFRESH_TOKEN = refusal(
  "BAD_REFRESH_TOKEN",
  "invalid_grant",
  "refresh token is invalid, expired or revoked",
);
/** Not seen at HubSpot: what RFC 7009 has for a call without a token. */
const MISSING_TOKEN = refusal("BAD_REQUEST", "invalid_request", "missing token");

/** What credentials are made of, which needs no account. */
export const CREDENTIALS = {
  format: TOKENS,
  accessTokenS: ACCESS_TOKEN_S,
  refreshTokenIn: "EVERY_ANSWER",
} as const;

/** Everything comes as a form in the body; nothing in the URL or in an Authorization header counts. */
export function oauthSettings(accountNamed: (name: string) => HubSpotAccount): OAuthSettings {
  return {
    ...CREDENTIALS,
    // HubSpot shows an app's mistakes to the user, and tells the app nothing of them.
    consent: {
      path: "/oauth/authorize",
      rules: { scopes: SCOPES, defaultScopes: null, hasOptionalScopes: true, needsResponseType: false },
      words: { crm: "HubSpot", allow: "Connect app", deny: "Cancel", accent: "#b23b0f" },
      // The code is OAuth's own; HubSpot's wording of it is not known.
      denied: "The user declined to connect the app.",
      faults: {
        REPEATED_PARAMETER: { message: "Authorization failed because a parameter was given twice." },
        CLIENT: { message: "Authorization failed because an invalid client_id was provided." },
        REDIRECT_URI: {
          message: "Authorization failed as the redirect URL doesn’t match the app’s registered redirect URL.",
        },
        RESPONSE_TYPE: { message: "Authorization failed because the response type is not supported." },
        SCOPE: { message: "Authorization failed because one or more scopes are missing or invalid." },
        CODE_CHALLENGE: {
          message: "Authorization failed because the code challenge is not valid: only S256 is supported.",
        },
      },
    },
    tokenPaths: TOKEN_PATHS,
    revocationPaths: REVOCATION_PATHS,
    clientAuthentication: "FORM",
    revocationNeedsClient: true,
    codeLifetimeMs: 60_000,
    newCode: randomUUID,
    answer: ({ account, scopes }, { accessToken, refreshToken }) => ({
      token_type: "bearer",
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: ACCESS_TOKEN_S,
      hub_id: accountNamed(account).portalId,
      scopes: scopes ?? Object.keys(SCOPES),
    }),
    // The statuses, and the message for an unknown code, are HubSpot's; that `error` is `invalid_grant` with all of them
    // is what OAuth demands, and so is the wording of the others. One client also knows EXPIRED_AUTH_CODE.
    refusals: {
      ...everyCodeRefusal(refusal("BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code")),
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
      REFRESH_TOKEN: BAD_REFRESH_TOKEN,
    },
    // HubSpot documents it for refresh tokens, and not whether their access tokens end as well; here they do. That a
    // token it does not know is answered alike is RFC 7009's rule.
    revoked: (_outcome, parameters) => (parameters.has("token") ? { status: 200, body: "" } : MISSING_TOKEN),
  };
}
