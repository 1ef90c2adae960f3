import { randomBytes } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import type { TokenManners } from "../../oauth/authorization-server.js";
import type { ConsentManners } from "../../oauth/consent-routes.js";
import type { CloseAccount } from "./account.js";
import { TOKENS } from "./credentials.js";

export const TOKEN_PATH = "/oauth2/token/";
export const REVOCATION_PATH = "/oauth2/revoke/";
export const ACCESS_TOKEN_S = 3600;

const OFFLINE = "offline_access";
const SCOPES = {
  "all.full_access": "Read and change everything in the organization (all.full_access)",
  [OFFLINE]: "Do so while you are away (offline_access)",
};
const ALL_SCOPES = Object.keys(SCOPES);

const CONSENT: ConsentManners = {
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

export function tokenManners(accountNamed: (name: string) => CloseAccount): TokenManners {
  return {
    consent: CONSENT,
    tokenPath: TOKEN_PATH,
    revocationPath: REVOCATION_PATH,
    format: TOKENS,
    clientAuthentication: "FORM",
    accessTokenS: ACCESS_TOKEN_S,
    refreshTokenIn: "EVERY_ANSWER",
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
      UNKNOWN: INVALID_GRANT,
      SPENT: INVALID_GRANT,
      EXPIRED: INVALID_GRANT,
      WRONG_REDIRECT_URI: INVALID_GRANT,
      WRONG_VERIFIER: INVALID_GRANT,
    },
    // A token that it does not know is answered alike (RFC 7009).
    revoked: () => ({ status: 200, body: {} }),
  };
}
