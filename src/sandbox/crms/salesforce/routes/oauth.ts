import { createHmac, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AuthorizationCodes, type CodeRefusal } from "../../../oauth/authorization-codes.js";
import { SANDBOX_OAUTH_CLIENT } from "../../../oauth/client.js";
import { addConsentRoutes, formOf } from "../../../oauth/consent-routes.js";
import type { Grant } from "../../../kit/grants.js";
import { revokeToken } from "../../../oauth/revocation.js";
import { CONSENT_MANNERS, DEFAULT_SCOPES, hasRefreshToken } from "../consent-manners.js";
import type { Org } from "../org.js";
import { SESSION_MS, TOKENS } from "../tokens.js";
import { originOf, type Service } from "./call.js";
import { identityUrl } from "./identity.js";

const TOKEN_PATH = "/services/oauth2/token";
const REVOKE_PATH = "/services/oauth2/revoke";

/** How long a code waits for the app, in ms. */
const CODE_LIFETIME = 15 * 60 * 1000;
/** base64url and no more: a `~`, which RFC 7636 allows, has been seen refused. jsforce sends more than RFC 7636's 128. */
const CODE_VERIFIER = /^[A-Za-z0-9_-]{43,}$/;

interface OAuthRefusal {
  readonly error: string;
  readonly error_description: string;
}

export const EXPIRED_GRANT = refusal("invalid_grant", "expired access/refresh token");
export const DEAD_TOKEN = refusal("invalid_token", "invalid token");
const UNKNOWN_TOKEN = refusal("unsupported_token_type", "this token type is not supported");

const CODE_REFUSALS: Readonly<Record<CodeRefusal, OAuthRefusal>> = {
  UNKNOWN: refusal("invalid_grant", "invalid authorization code"),
  SPENT: refusal("invalid_grant", "expired authorization code"),
  EXPIRED: refusal("invalid_grant", "expired authorization code"),
  WRONG_REDIRECT_URI: refusal("redirect_uri_mismatch", "redirect_uri must match configuration"),
  // Whether a verifier that is missing is told apart from a wrong one is not known.
  WRONG_VERIFIER: refusal("invalid_grant", "invalid code verifier"),
};

/** Which of the calls for tokens this is, if any. */
export function oauthCall(request: FastifyRequest): "TOKEN" | "REVOKE" | null {
  const [path] = request.url.split("?");
  return path === TOKEN_PATH ? "TOKEN" : path === REVOKE_PATH ? "REVOKE" : null;
}

/** Consent, tokens and their end. */
export function addOAuthRoutes(app: FastifyInstance, service: Service): void {
  const { now, grants } = service.options;
  const codes = new AuthorizationCodes({
    grants,
    now,
    lifetimeMs: CODE_LIFETIME,
    verifiers: CODE_VERIFIER,
    // Ends in `==` as Salesforce's do, which an app must not lose on the way through URLs.
    newCode: () => `aPrx${randomBytes(40).toString("base64")}`,
  });
  addConsentRoutes(app, CONSENT_MANNERS, { codes, now });

  app.post(TOKEN_PATH, (request, reply) => {
    if (!(request.body instanceof URLSearchParams)) {
      return refuse(reply, refusal("invalid_request", "a form is expected"));
    }
    const form = request.body;
    const wrongClient = refuseClient(form);
    if (wrongClient) return refuse(reply, wrongClient);
    switch (form.get("grant_type") ?? "") {
      case "authorization_code": {
        const given = { redirectUri: form.get("redirect_uri"), codeVerifier: form.get("code_verifier") };
        const redemption = codes.redeem(form.get("code") ?? "", given);
        if (redemption.outcome !== "OK") return refuse(reply, CODE_REFUSALS[redemption.outcome]);
        return answer(request, redemption.grant, hasRefreshToken(scopesOf(redemption.grant)));
      }
      case "refresh_token": {
        const shown = TOKENS.readRefreshToken(form.get("refresh_token") ?? "");
        const grant = shown && grants.refresh(shown);
        if (!grant) return refuse(reply, EXPIRED_GRANT);
        // It is given again only where it is a new one.
        return answer(request, grant, service.options.rotateRefreshTokens === "on");
      }
      default:
        return refuse(reply, refusal("unsupported_grant_type", "grant type not supported"));
    }
  });

  app.get(REVOKE_PATH, (request, reply) => revoke(new URL(request.url, "http://sandbox").searchParams, reply));
  app.post(REVOKE_PATH, (request, reply) => revoke(formOf(request), reply));

  /** Needs no client: who has the token may give it up. */
  function revoke(parameters: URLSearchParams, reply: FastifyReply): FastifyReply {
    const outcome = revokeToken(grants, TOKENS, parameters.get("token") ?? "", now());
    if (outcome === "REVOKED") return reply.code(200).send();
    // Both errors are documented with status 400, not when which of them comes.
    return refuseRevocation(reply, outcome === "DEAD" ? DEAD_TOKEN : UNKNOWN_TOKEN);
  }

  function answer(request: FastifyRequest, grant: Grant, withRefreshToken: boolean) {
    const account = service.accounts.get(grant.account)!;
    const issuedAt = String(now());
    return {
      access_token: TOKENS.accessToken(grant, now() + SESSION_MS),
      ...(withRefreshToken ? { refresh_token: TOKENS.refreshToken(grant) } : {}),
      ...identified(account.org, originOf(request), issuedAt),
      scope: scopesOf(grant).join(" "),
      token_type: "Bearer",
      issued_at: issuedAt,
    };
  }
}

/** Unlike all other refusals this one is a form, as a living org showed it and jsforce reads it. */
export function refuseRevocation(reply: FastifyReply, { error, error_description }: OAuthRefusal): FastifyReply {
  const body = `error=${encodeURIComponent(error)}&error_description=${encodeURIComponent(error_description)}`;
  return reply.code(400).type("application/x-www-form-urlencoded").send(body);
}

export function refuse(reply: FastifyReply, refused: OAuthRefusal): FastifyReply {
  return reply.code(400).send(refused);
}

function refusal(error: string, description: string): OAuthRefusal {
  return { error, error_description: description };
}

function refuseClient(form: URLSearchParams): OAuthRefusal | null {
  if (form.get("client_id") !== SANDBOX_OAUTH_CLIENT.id) {
    return refusal("invalid_client_id", "client identifier invalid");
  }
  if (form.get("client_secret") === SANDBOX_OAUTH_CLIENT.secret) return null;
  return refusal("invalid_client", "invalid client credentials");
}

function scopesOf({ scopes }: Grant): readonly string[] {
  return scopes ?? DEFAULT_SCOPES;
}

function identified(org: Org, origin: string, issuedAt: string) {
  const id = identityUrl(org, origin);
  const signature = createHmac("sha256", SANDBOX_OAUTH_CLIENT.secret)
    .update(id + issuedAt)
    .digest("base64");
  return { instance_url: origin, id, signature };
}
