import { randomBytes } from "node:crypto";
import { oauthError, type OAuthSettings } from "../../oauth/authorization-server.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { CloseAccount } from "./account.js";

/** API keys are `api_sandbox-<account>`. Tokens come from consent. */
const API_KEY_PREFIX = "api_sandbox-";

/** Returns the API key of an account. It needs no consent and never expires. */
export function apiKeyOf(account: string): string {
  return `${API_KEY_PREFIX}${account}`;
}

const OFFLINE = "offline_access";
const SCOPES = {
  "all.full_access": "Read and change everything in the organization (all.full_access)",
  [OFFLINE]: "Do so while you are away (offline_access)",
};
const ALL_SCOPES = Object.keys(SCOPES);

/** Refusals have OAuth's codes. The rest of Close's answers is not known. */
export const OAUTH: OAuthSettings<CloseAccount> = {
  consent: {
    path: "/oauth2/authorize/",
    rules: { scopes: SCOPES, defaultScopes: ALL_SCOPES },
    words: { crm: "Close", allow: "Allow access", deny: "Decline", accent: "#1f4fd8" },
    denied: "The user declined to give access.",
  },
  tokenPaths: ["/oauth2/token/"],
  revocationPaths: ["/oauth2/revoke/"],
  format: new TokenFormat({ prefix: "close", staticPrefix: API_KEY_PREFIX }),
  clientAuthentication: "FORM",
  accessTokenS: 3600,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 60_000,
  // Close's own examples of the exchange omit the redirect URI.
  redirectUriOptional: true,
  newCode: () => randomBytes(24).toString("base64url"),
  answer({ refresh_token, ...others }, { grant, account }) {
    const scopes = grant.scopes ?? ALL_SCOPES;
    return {
      ...others,
      ...(scopes.includes(OFFLINE) ? { refresh_token } : {}),
      scope: scopes.join(" "),
      organization_id: account.organizationId,
      user_id: account.users[0]!.id,
    };
  },
  refusals: {
    CLIENT: oauthError("invalid_client", undefined, 401),
    GRANT_TYPE: oauthError("unsupported_grant_type"),
    REFRESH_TOKEN: oauthError("invalid_grant"),
    CODE: oauthError("invalid_grant"),
  },
  // An unknown token gets the same answer (RFC 7009).
  revoked: () => ({ status: 200, body: {} }),
};
