import { createHmac, randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { SandboxCrmContext, WireAnswer } from "../../kit/crm.js";
import { originOf, parametersOf } from "../../kit/request.js";
import { answerRevocation, oauthError, type OAuthSettings } from "../../oauth/authorization-server.js";
import { SANDBOX_OAUTH_CLIENT } from "../../oauth/client.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { SalesforceAccount } from "./account.js";

export const REVOCATION_PATH = "/services/oauth2/revoke";

const SCOPES: Readonly<Record<string, string>> = {
  refresh_token: "Perform requests at any time (refresh_token)",
  offline_access: "Perform requests at any time (offline_access)",
  api: "Manage user data via APIs (api)",
  id: "Access the identity URL service (id)",
  full: "Full access (full)",
};
/** The scopes of a connected app whose request names no scopes. */
const DEFAULT_SCOPES = ["refresh_token", "api"];

export const DEAD_TOKEN = revocationRefusal("invalid_token", "invalid token");
const UNKNOWN_TOKEN = revocationRefusal("unsupported_token_type", "this token type is not supported");

export const OAUTH: OAuthSettings<SalesforceAccount> = {
  // Salesforce reports mistakes to the app only if it knows that the redirect URI is the app's own.
  consent: {
    path: "/services/oauth2/authorize",
    rules: { scopes: SCOPES, defaultScopes: DEFAULT_SCOPES },
    words: { crm: "Salesforce", allow: "Allow", deny: "Deny", accent: "#0b5cab" },
    denied: "end-user denied authorization",
    // Salesforce's own words for a wrong code challenge are not known.
    messages: {
      REPEATED_PARAMETER: "invalid_request: a parameter was given twice",
      CLIENT: "invalid_client_id: client identifier invalid",
      REDIRECT_URI: "redirect_uri_mismatch: redirect_uri must match configuration",
      RESPONSE_TYPE: "response type not supported",
      SCOPE: "requested scope is invalid, unknown, or malformed",
      CODE_CHALLENGE: "code challenge is not valid",
    },
  },
  tokenPaths: ["/services/oauth2/token"],
  revocationPaths: [REVOCATION_PATH],
  format: new TokenFormat({ prefix: "sf", staticPrefix: "00Dsandbox-" }),
  clientAuthentication: "FORM",
  accessTokenS: 2 * 60 * 60,
  refreshTokenIn: "CODE_ANSWER",
  codeLifetimeMs: 15 * 60 * 1000,
  // Only base64url: Salesforce has refused a `~`, which RFC 7636 allows. jsforce sends more than the 128 characters of
  // RFC 7636.
  verifiers: /^[A-Za-z0-9_-]{43,}$/,
  // Ends in `==` like Salesforce's codes. Apps must not lose these characters in URLs.
  newCode: () => `aPrx${randomBytes(40).toString("base64")}`,
  // The answer does not contain the lifetime of the session.
  answer({ access_token, token_type, refresh_token }, { grant, account: { org }, request, now }) {
    const scopes = grant.scopes ?? DEFAULT_SCOPES;
    const id = org.identityUrl(originOf(request));
    const issuedAt = String(now);
    return {
      access_token,
      // The scope `full` does not include the refresh token.
      ...(/refresh_token|offline_access/.test(scopes.join(" ")) ? { refresh_token } : {}),
      instance_url: originOf(request),
      id,
      signature: createHmac("sha256", SANDBOX_OAUTH_CLIENT.secret)
        .update(id + issuedAt)
        .digest("base64"),
      scope: scopes.join(" "),
      token_type,
      issued_at: issuedAt,
    };
  },
  refusals: {
    CODE: oauthError("invalid_grant", "expired authorization code"),
    UNKNOWN: oauthError("invalid_grant", "invalid authorization code"),
    WRONG_REDIRECT_URI: oauthError("redirect_uri_mismatch", "redirect_uri must match configuration"),
    // Whether a missing verifier has another error is not known.
    WRONG_VERIFIER: oauthError("invalid_grant", "invalid code verifier"),
    NO_FORM: oauthError("invalid_request", "a form is expected"),
    CLIENT: oauthError("invalid_client_id", "client identifier invalid"),
    CLIENT_SECRET: oauthError("invalid_client", "invalid client credentials"),
    GRANT_TYPE: oauthError("unsupported_grant_type", "grant type not supported"),
    REFRESH_TOKEN: oauthError("invalid_grant", "expired access/refresh token"),
  },
  // Salesforce documents both errors with status 400, but not the cases in which it sends each of them.
  revoked: (outcome) =>
    outcome === "REVOKED" ? { status: 200, body: "" } : outcome === "DEAD" ? DEAD_TOKEN : UNKNOWN_TOKEN,
};

/** Adds the revocation by GET. Treats a body that is not a form like a missing form. */
export function addOAuthRoutes(app: FastifyInstance, context: SandboxCrmContext): void {
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.get(REVOCATION_PATH, (request, reply) => answerRevocation(OAUTH, context, parametersOf(request), reply));
}

/**
 * Makes the refusal of a revocation. Unlike all other refusals it is a form, which a real org has sent and jsforce
 * reads.
 */
function revocationRefusal(error: string, description: string): WireAnswer {
  return {
    status: 400,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `error=${error}&error_description=${encodeURIComponent(description)}`,
  };
}
