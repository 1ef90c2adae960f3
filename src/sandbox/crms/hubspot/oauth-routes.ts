import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { SandboxCrmContext } from "../../kit/crm.js";
import { AuthorizationCodes } from "../../oauth/authorization-codes.js";
import { SANDBOX_OAUTH_CLIENT } from "../../oauth/client.js";
import { addConsentRoutes, formOf } from "../../oauth/consent-routes.js";
import type { Grant } from "../../kit/grants.js";
import { revokeToken } from "../../oauth/revocation.js";
import type { HubSpotAccount } from "./account.js";
import { CONSENT_MANNERS, SCOPES } from "./consent-manners.js";
import { ACCESS_TOKEN_SECONDS, issueCredentials, TOKENS } from "./credentials.js";
import {
  BAD_CLIENT_ID,
  BAD_CLIENT_SECRET,
  BAD_GRANT_TYPE,
  BAD_REDIRECT_URI,
  BAD_REFRESH_TOKEN,
  CODE_REFUSALS,
  MISSING_TOKEN,
  type OAuthRefusal,
} from "./oauth-errors.js";

const TOKEN_PATHS = ["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token"];
const REVOKE_PATHS = TOKEN_PATHS.map((path) => `${path}/revoke`);

/** How long a code waits for the app, in ms. */
const CODE_LIFETIME = 60_000;
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Whether a path is one that apps call for their tokens. */
export function isOAuthPath(path: string): boolean {
  return TOKEN_PATHS.includes(path) || REVOKE_PATHS.includes(path);
}

/** Everything comes as a form in the body; nothing in the URL or in an Authorization header counts. */
export function addOAuthRoutes(
  app: FastifyInstance,
  accountNamed: (name: string) => HubSpotAccount | null,
  { now, grants }: SandboxCrmContext,
): void {
  const codes = new AuthorizationCodes({
    grants,
    now,
    lifetimeMs: CODE_LIFETIME,
    verifiers: CODE_VERIFIER,
    newCode: randomUUID,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
    done(null, new URLSearchParams(String(text)));
  });
  addConsentRoutes(app, CONSENT_MANNERS, { codes, now });

  for (const path of TOKEN_PATHS) {
    app.post(path, (request, reply) => {
      const form = formOf(request);
      const granted = refuseClient(form) ?? grantFor(form);
      if (!("account" in granted)) return reply.code(400).send(granted);
      const account = accountNamed(granted.account);
      return account ? answer(granted, account) : reply.code(400).send(BAD_REFRESH_TOKEN);
    });
  }
  for (const path of REVOKE_PATHS) {
    app.post(path, (request, reply) => {
      const form = formOf(request);
      const token = form.get("token");
      const refusal = refuseClient(form) ?? (token === null ? MISSING_TOKEN : null);
      if (token === null || refusal) return reply.code(400).send(refusal);
      // HubSpot documents it for refresh tokens, and not whether their access tokens end as well; here they do. That a
      // token it does not know is answered alike is RFC 7009's rule.
      revokeToken(grants, TOKENS, token, now());
      return reply.code(200).send();
    });
  }

  function grantFor(form: URLSearchParams): Grant | OAuthRefusal {
    switch (form.get("grant_type") ?? "") {
      case "authorization_code": {
        const redirectUri = form.get("redirect_uri");
        if (redirectUri === null) return BAD_REDIRECT_URI;
        const given = { redirectUri, codeVerifier: form.get("code_verifier") };
        const redemption = codes.redeem(form.get("code") ?? "", given);
        return redemption.outcome === "OK" ? redemption.grant : CODE_REFUSALS[redemption.outcome];
      }
      case "refresh_token": {
        const shown = TOKENS.readRefreshToken(form.get("refresh_token") ?? "");
        return (shown && grants.refresh(shown)) ?? BAD_REFRESH_TOKEN;
      }
      default:
        return BAD_GRANT_TYPE;
    }
  }

  function answer(grant: Grant, account: HubSpotAccount) {
    const { accessToken, refreshToken } = issueCredentials(account.name, now(), grant);
    return {
      token_type: "bearer",
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: ACCESS_TOKEN_SECONDS,
      hub_id: account.portalId,
      scopes: grant.scopes ?? Object.keys(SCOPES),
    };
  }
}

function refuseClient(form: URLSearchParams): OAuthRefusal | null {
  if (form.get("client_id") !== SANDBOX_OAUTH_CLIENT.id) return BAD_CLIENT_ID;
  return form.get("client_secret") === SANDBOX_OAUTH_CLIENT.secret ? null : BAD_CLIENT_SECRET;
}
