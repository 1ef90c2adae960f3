import { randomBytes } from "node:crypto";
import type { WireAnswer } from "../../kit/crm.js";
import { originOf } from "../../kit/request.js";
import type { OAuthSettings } from "../../oauth/authorization-server.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { PipedriveAccount } from "./account.js";

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

/** Source: pipedrive.readme.io, "Marketplace OAuth status codes". `error` has the code of the OAuth standard. */
function refusal(error: string, message: string, status = 400): WireAnswer {
  return { status, body: { success: false, message, error } };
}

/** Pipedrive takes the scopes of an app from its registration. Here, they are the requested scopes, or all. */
export const OAUTH: OAuthSettings<PipedriveAccount> = {
  consent: {
    path: "/oauth/authorize",
    rules: { scopes: SCOPES, defaultScopes: Object.keys(SCOPES), responseTypeOptional: true },
    words: { crm: "Pipedrive", allow: "Allow and install", deny: "Cancel", accent: "#017737" },
    denied: "The user denied the installation.",
    messages: {
      CLIENT: "Invalid client: client is invalid",
      REDIRECT_URI: "Invalid client: redirect_uri does not match the registered callback URL",
      RESPONSE_TYPE: "Unsupported response type",
      SCOPE: "Invalid scope",
      CODE_CHALLENGE: "Invalid code challenge",
    },
  },
  tokenPaths: ["/oauth/token"],
  revocationPaths: ["/oauth/revoke"],
  /** Access tokens of apps, and the personal API token that every user has. */
  format: new TokenFormat({ prefix: "pd", staticPrefix: "pd-token-" }),
  clientAuthentication: "BASIC",
  accessTokenS: 3599,
  refreshTokenIn: "EVERY_ANSWER",
  codeLifetimeMs: 5 * 60_000,
  newCode: () => randomBytes(20).toString("hex"),
  answer: (standard, { grant, request }) => ({
    ...standard,
    scope: (grant.scopes ?? Object.keys(SCOPES)).join(","),
    // Every company has its own address. In the sandbox, all companies have the address of this server.
    api_domain: originOf(request),
  }),
  refusals: {
    CLIENT: refusal("invalid_client", "Invalid client: client is invalid", 401),
    GRANT_TYPE: refusal("unsupported_grant_type", "Unsupported grant type: `grant_type` is invalid"),
    REFRESH_TOKEN: refusal("invalid_grant", "Invalid grant: refresh_token is invalid"),
    CODE: refusal("invalid_grant", "Invalid grant: authorization code is invalid"),
    EXPIRED: refusal("invalid_grant", "Invalid grant: authorization code has expired"),
    WRONG_REDIRECT_URI: refusal("invalid_grant", "Invalid grant: `redirect_uri` is not valid"),
  },
  revoked: () => ({ status: 200, body: {} }),
};
