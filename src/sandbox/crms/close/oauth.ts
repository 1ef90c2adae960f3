import { randomBytes } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import { everyCodeRefusal, type OAuthSettings } from "../../oauth/authorization-server.js";
import type { ConsentSettings } from "../../oauth/consent-routes.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { CloseAccount } from "./account.js";

export const TOKEN_PATH = "/oauth2/token/";
export const REVOCATION_PATH = "/oauth2/revoke/";
const ACCESS_TOKEN_S = 3600;
/** API keys are `api_sandbox-<account>`; what consent gives is a token. */
const API_KEY_PREFIX = "api_sandbox-";
export const TOKENS = new TokenFormat({ prefix: "close", staticPrefix: API_KEY_PREFIX });

/** What credentials are made of, which needs no account. */
export const CREDENTIALS = {
  format: TOKENS,
  accessTokenS: ACCESS_TOKEN_S,
  refreshTokenIn: "EVERY_ANSWER",
} as const;

/** An API key that opens the account, without end and without anybody's consent. */
export function apiKeyOf(account: string): string {
  return `${API_KEY_PREFIX}${account}`;
}

const OFFLINE = "offline_access";
const SCOPES = {
  "all.full_access": "Read and change everything in the organization (all.full_access)",
  [OFFLINE]: "Do so while you are away (offline_access)",
};
const ALL_SCOPES = Object.keys(SCOPES);

const CONSENT: ConsentSettings = {
  path: "/oauth2/authorize/",
  rules: { scopes: SCOPES, defaultScopes: ALL_SCOPES, hasOptionalScopes: false, needsResponseType: true },
  words: { crm: "Close", allow: "Allow access", deny: "Decline", accent: "#1f4fd8" },
  denied: "The user declined to give access.",
  // Close's own words are not known.
  faults: {
    REPEATED_PARAMETER: { message: "A parameter was given twice." },
    CLIENT: { message: "There is no app with this client_id." },
    REDIRECT_URI: { message: "The redirect_uri is not one of the app’s." },
    RESPONSE_TYPE: { message: "The response_type must be code.", error: "unsupported_response_type" },
    SCOPE: { message: "The scope is not one of Close’s.", error: "invalid_scope" },
    CODE_CHALLENGE: { message: "The code_challenge is not valid.", error: "invalid_request" },
  },
};

/** Only the standard's own code says why a grant is refused; what else Close says with it is not known. */
export const INVALID_GRANT = refusal(400, "invalid_grant");

function refusal(status: number, error: string): WireAnswer {
  return { status, body: { error } };
}

export function oauthSettings(accountNamed: (name: string) => CloseAccount): OAuthSettings {
  return {
    consent: CONSENT,
    tokenPaths: [TOKEN_PATH],
    revocationPaths: [REVOCATION_PATH],
    ...CREDENTIALS,
    clientAuthentication: "FORM",
    codeLifetimeMs: 60_000,
    // Close's own examples of the exchange do not name it again.
    redirectUriOptional: true,
    newCode: () => randomBytes(24).toString("base64url"),
    answer(grant, { accessToken, refreshToken }) {
      const account = accountNamed(grant.account);
      const scopes = grant.scopes ?? ALL_SCOPES;
      return {
        token_type: "Bearer",
        access_token: accessToken,
        expires_in: ACCESS_TOKEN_S,
        ...(scopes.includes(OFFLINE) ? { refresh_token: refreshToken } : {}),
        scope: scopes.join(" "),
        organization_id: account.organizationId,
        user_id: account.users[0]!.id,
      };
    },
    refusals: {
      CLIENT: refusal(401, "invalid_client"),
      GRANT_TYPE: refusal(400, "unsupported_grant_type"),
      REFRESH_TOKEN: INVALID_GRANT,
      ...everyCodeRefusal(INVALID_GRANT),
    },
    // A token that it does not know is answered alike (RFC 7009).
    revoked: () => ({ status: 200, body: {} }),
  };
}
