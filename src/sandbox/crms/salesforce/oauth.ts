import { createHmac, randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Accounts } from "../../kit/accounts.js";
import type { SandboxCrmContext, WireAnswer } from "../../kit/crm.js";
import type { Grant } from "../../kit/grants.js";
import { originOf, parametersOf } from "../../kit/request.js";
import {
  addAuthorizationServer,
  answerRevocation,
  everyCodeRefusal,
  type OAuthSettings,
} from "../../oauth/authorization-server.js";
import { SANDBOX_OAUTH_CLIENT } from "../../oauth/client.js";
import { TokenFormat } from "../../oauth/tokens.js";
import type { SalesforceAccount } from "./account.js";
import type { Org } from "./org.js";

export const TOKEN_PATH = "/services/oauth2/token";
export const REVOCATION_PATH = "/services/oauth2/revoke";

/** The token answers do not say how long a session lasts. */
const SESSION_S = 2 * 60 * 60;
export const TOKENS = new TokenFormat({ prefix: "sf", staticPrefix: "00Dsandbox-" });

const SCOPES: Readonly<Record<string, string>> = {
  refresh_token: "Perform requests at any time (refresh_token)",
  offline_access: "Perform requests at any time (offline_access)",
  api: "Manage user data via APIs (api)",
  id: "Access the identity URL service (id)",
  full: "Full access (full)",
};
/** What a connected app has when nobody asked for less. */
const DEFAULT_SCOPES = ["refresh_token", "api"];

export const EXPIRED_GRANT = refusal("invalid_grant", "expired access/refresh token");
export const DEAD_TOKEN = revocationRefusal("invalid_token", "invalid token");
const UNKNOWN_TOKEN = revocationRefusal("unsupported_token_type", "this token type is not supported");

/** What credentials are made of, which needs no account. */
export const CREDENTIALS = { format: TOKENS, accessTokenS: SESSION_S, refreshTokenIn: "CODE_ANSWER" } as const;

/** Consent, tokens and their end. Must be registered in a scope of its own: it reads forms only. */
export function addOAuthRoutes(
  app: FastifyInstance,
  accounts: Accounts<SalesforceAccount>,
  context: SandboxCrmContext,
): void {
  const settings = oauthSettings((name) => accounts.get(name)!.org, context);
  addAuthorizationServer(app, settings, context);
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.get(REVOCATION_PATH, (request, reply) => answerRevocation(settings, context, parametersOf(request), reply));
}

function oauthSettings(orgNamed: (name: string) => Org, { now }: SandboxCrmContext): OAuthSettings {
  return {
    ...CREDENTIALS,
    // Salesforce tells an app of its mistakes once it knows that the redirect URI is the app's own.
    consent: {
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
    },
    tokenPaths: [TOKEN_PATH],
    revocationPaths: [REVOCATION_PATH],
    clientAuthentication: "FORM",
    codeLifetimeMs: 15 * 60 * 1000,
    // base64url and no more: a `~`, which RFC 7636 allows, has been seen refused. jsforce sends more than RFC 7636's 128.
    verifiers: /^[A-Za-z0-9_-]{43,}$/,
    // Ends in `==` as Salesforce's do, which an app must not lose on the way through URLs.
    newCode: () => `aPrx${randomBytes(40).toString("base64")}`,
    answer(grant, { accessToken, refreshToken }, request) {
      const issuedAt = String(now());
      const withRefreshToken = refreshToken !== undefined && hasRefreshToken(grant);
      return {
        access_token: accessToken,
        ...(withRefreshToken ? { refresh_token: refreshToken } : {}),
        ...identified(orgNamed(grant.account), originOf(request), issuedAt),
        scope: scopesOf(grant).join(" "),
        token_type: "Bearer",
        issued_at: issuedAt,
      };
    },
    refusals: {
      ...everyCodeRefusal(refusal("invalid_grant", "expired authorization code")),
      UNKNOWN: refusal("invalid_grant", "invalid authorization code"),
      WRONG_REDIRECT_URI: refusal("redirect_uri_mismatch", "redirect_uri must match configuration"),
      // Whether a verifier that is missing is told apart from a wrong one is not known.
      WRONG_VERIFIER: refusal("invalid_grant", "invalid code verifier"),
      NO_FORM: refusal("invalid_request", "a form is expected"),
      CLIENT: refusal("invalid_client_id", "client identifier invalid"),
      CLIENT_SECRET: refusal("invalid_client", "invalid client credentials"),
      GRANT_TYPE: refusal("unsupported_grant_type", "grant type not supported"),
      REFRESH_TOKEN: EXPIRED_GRANT,
    },
    // Both errors are documented with status 400, not when which of them comes.
    revoked: (outcome) =>
      outcome === "REVOKED" ? { status: 200, body: "" } : outcome === "DEAD" ? DEAD_TOKEN : UNKNOWN_TOKEN,
  };
}

function refusal(error: string, description: string): WireAnswer {
  return { status: 400, body: { error, error_description: description } };
}

/** Unlike all other refusals this one is a form, as a living org showed it and jsforce reads it. */
function revocationRefusal(error: string, description: string): WireAnswer {
  return {
    status: 400,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `error=${error}&error_description=${encodeURIComponent(description)}`,
  };
}

function scopesOf({ scopes }: Grant): readonly string[] {
  return scopes ?? DEFAULT_SCOPES;
}

/** `full` is not as full as it sounds. */
function hasRefreshToken(grant: Grant): boolean {
  return scopesOf(grant).some((scope) => scope === "refresh_token" || scope === "offline_access");
}

function identified(org: Org, origin: string, issuedAt: string) {
  const id = org.identityUrl(origin);
  const signature = createHmac("sha256", SANDBOX_OAUTH_CLIENT.secret)
    .update(id + issuedAt)
    .digest("base64");
  return { instance_url: origin, id, signature };
}
