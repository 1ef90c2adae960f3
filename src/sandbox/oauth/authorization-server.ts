import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SandboxCrmContext, WireAnswer } from "../kit/crm.js";
import { wireAnswer } from "../kit/wire.js";
import { basicOf } from "./access.js";
import { AuthorizationCodes, type CodeRefusal } from "./authorization-codes.js";
import { SANDBOX_OAUTH_CLIENT } from "./client.js";
import { addConsentRoutes, formOf, type ConsentManners } from "./consent-routes.js";
import { type Grant, seedGrant } from "../kit/grants.js";
import { revokeToken, type RevocationOutcome } from "./revocation.js";
import type { TokenFormat } from "./tokens.js";

export type TokenRefusal = CodeRefusal | "CLIENT" | "GRANT_TYPE" | "REFRESH_TOKEN";

/** Tokens that a grant gives, before a CRM puts them in its own form. */
export interface IssuedTokens {
  accessToken: string;
  /** Absent where this answer has none. */
  refreshToken?: string;
  expiresInS: number | null;
}

/** What is one CRM's own about handing out tokens. */
export interface TokenManners {
  consent: ConsentManners;
  tokenPath: string;
  revocationPath: string | null;
  format: TokenFormat;
  /** Where apps put their id and secret. */
  clientAuthentication: "BASIC" | "FORM";
  /** Seconds that an access token lives; null where it never ends. */
  accessTokenS: number | null;
  /** In which answers a refresh token stands. A rotated one always does. */
  refreshTokenIn: "EVERY_ANSWER" | "CODE_ANSWER" | "NONE";
  codeLifetimeMs: number;
  /** Set where an app need not name its redirect URI again when it exchanges the code. */
  redirectUriOptional?: boolean;
  newCode(): string;
  answer(grant: Grant, tokens: IssuedTokens, request: FastifyRequest): object;
  refusals: Readonly<Record<TokenRefusal, WireAnswer>>;
  revoked(outcome: RevocationOutcome): WireAnswer;
}

/** Code verifiers as RFC 7636 has them. */
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Consent page, token endpoint and revocation of one CRM. Must be registered in a scope of its own: it reads forms only. */
export function addAuthorizationServer(
  app: FastifyInstance,
  manners: TokenManners,
  { now, grants, rotateRefreshTokens }: SandboxCrmContext,
): void {
  const { format, refusals } = manners;
  const codes = new AuthorizationCodes({
    grants,
    now,
    lifetimeMs: manners.codeLifetimeMs,
    verifiers: CODE_VERIFIER,
    redirectUriOptional: manners.redirectUriOptional,
    newCode: () => manners.newCode(),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
    done(null, new URLSearchParams(String(text)));
  });
  addConsentRoutes(app, manners.consent, { codes, now });

  app.post(manners.tokenPath, (request, reply) => {
    const form = formOf(request);
    if (!isClient(request, form)) return wireAnswer(reply, refusals.CLIENT);
    switch (form.get("grant_type") ?? "") {
      case "authorization_code": {
        const given = { redirectUri: form.get("redirect_uri"), codeVerifier: form.get("code_verifier") };
        const redemption = codes.redeem(form.get("code") ?? "", given);
        if (redemption.outcome !== "OK") return wireAnswer(reply, refusals[redemption.outcome]);
        return answer(request, reply, redemption.grant, manners.refreshTokenIn !== "NONE");
      }
      case "refresh_token": {
        const shown = format.readRefreshToken(form.get("refresh_token") ?? "");
        const grant = shown && grants.refresh(shown);
        if (!grant || manners.refreshTokenIn === "NONE") return wireAnswer(reply, refusals.REFRESH_TOKEN);
        const isNew = rotateRefreshTokens === "on";
        return answer(request, reply, grant, isNew || manners.refreshTokenIn === "EVERY_ANSWER");
      }
      default:
        return wireAnswer(reply, refusals.GRANT_TYPE);
    }
  });

  if (manners.revocationPath !== null) {
    app.post(manners.revocationPath, (request, reply) => {
      const outcome = revokeToken(grants, format, formOf(request).get("token") ?? "", now());
      return wireAnswer(reply, manners.revoked(outcome));
    });
  }

  function isClient(request: FastifyRequest, form: URLSearchParams): boolean {
    const basic = basicOf(request.headers.authorization);
    const { id, secret } = SANDBOX_OAUTH_CLIENT;
    return manners.clientAuthentication === "BASIC"
      ? basic?.user === id && basic.password === secret
      : form.get("client_id") === id && form.get("client_secret") === secret;
  }

  function answer(request: FastifyRequest, reply: FastifyReply, grant: Grant, withRefreshToken: boolean) {
    const tokens = issueTokens(manners, grant, now());
    const { refreshToken, ...others } = tokens;
    return reply.send(manners.answer(grant, withRefreshToken ? tokens : others, request));
  }
}

/** All the tokens that a grant can give at that time. */
function issueTokens(
  { format, accessTokenS }: Pick<TokenManners, "format" | "accessTokenS">,
  grant: Grant,
  now: number,
): Required<IssuedTokens> {
  // A token that never ends still has a time in it: one after the end of all tests.
  const expiresAt = accessTokenS === null ? now + 100 * 365 * 86_400_000 : now + accessTokenS * 1000;
  return {
    accessToken: format.accessToken(grant, expiresAt),
    refreshToken: format.refreshToken(grant),
    expiresInS: accessTokenS,
  };
}

/** The credentials of an account as `createConnection` takes them, and as a connection keeps them. */
export function sandboxCredentials(
  manners: Pick<TokenManners, "format" | "accessTokenS" | "refreshTokenIn">,
  account: string,
  now: number,
  grant: Grant = seedGrant(account),
): Record<string, string> {
  const { accessToken, refreshToken, expiresInS } = issueTokens(manners, grant, now);
  return {
    accessToken,
    ...(manners.refreshTokenIn === "NONE" ? {} : { refreshToken }),
    ...(expiresInS === null ? {} : { expiresAt: new Date(now + expiresInS * 1000).toISOString() }),
  };
}
