import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Accounts } from "../kit/accounts.js";
import type { SandboxCrmContext, WireAnswer } from "../kit/crm.js";
import { type Grant, seedGrant } from "../kit/grants.js";
import { wireAnswer } from "../kit/wire.js";
import { basicOf } from "./access.js";
import { AuthorizationCodes, type CodeRefusal } from "./authorization-codes.js";
import { SANDBOX_OAUTH_CLIENT } from "./client.js";
import { addConsentRoutes, formOf, type ConsentSettings } from "./consent-routes.js";
import { readForms } from "./forms.js";
import { isRedirectUri } from "./redirects.js";
import { revokeToken, type RevocationOutcome } from "./revocation.js";
import type { TokenFormat } from "./tokens.js";

/** Refusals of a token call. `CODE` is the default for all faults of a code. */
type TokenRefusal = "CODE" | "CLIENT" | "GRANT_TYPE" | "REFRESH_TOKEN";

/** Refusals that only some CRMs distinguish. */
type FinerTokenRefusal = CodeRefusal | "CLIENT_SECRET" | "NO_REDIRECT_URI" | "NO_FORM";

/** The members of a token answer that every CRM has (RFC 6749, section 5.1). */
export interface TokenAnswer {
  access_token: string;
  token_type: "Bearer";
  /** Absent if this answer has no refresh token. */
  refresh_token?: string;
  /** Seconds. Absent if the token never expires. */
  expires_in?: number;
}

/** The call that a token answer is for. */
export interface TokenCall<Account> {
  readonly grant: Grant;
  readonly account: Account;
  readonly request: FastifyRequest;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The rules by which one CRM issues tokens. */
export interface OAuthSettings<Account> {
  consent: ConsentSettings;
  tokenPaths: readonly string[];
  revocationPaths: readonly string[];
  format: TokenFormat;
  /** The place of the app's id and secret: the Authorization header or the form. */
  clientAuthentication: "BASIC" | "FORM";
  /** Whether apps must authenticate to revoke a token. */
  revocationNeedsClient?: boolean;
  /** Lifetime of an access token in seconds. Null if it never expires. */
  accessTokenS: number | null;
  /** The answers that contain a refresh token. A rotated token is always in the answer. */
  refreshTokenIn: "EVERY_ANSWER" | "CODE_ANSWER" | "NONE";
  codeLifetimeMs: number;
  /** The valid code verifiers. Defaults to the code verifiers of RFC 7636. */
  verifiers?: RegExp;
  /** Whether the exchange of a code may omit the redirect URI. */
  redirectUriOptional?: boolean;
  newCode(): string;
  /** The token answer in this CRM's form. Defaults to the standard members only. */
  answer?(standard: TokenAnswer, call: TokenCall<Account>): object;
  refusals: Readonly<Record<TokenRefusal, WireAnswer> & Partial<Record<FinerTokenRefusal, WireAnswer>>>;
  revoked(outcome: RevocationOutcome, parameters: URLSearchParams): WireAnswer;
}

/** Makes a refusal in the form of RFC 6749, section 5.2. */
export function oauthError(error: string, description?: string, status = 400): WireAnswer {
  return { status, body: { error, ...(description === undefined ? {} : { error_description: description }) } };
}

/** Code verifiers that RFC 7636 allows. */
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Makes the store of one CRM's codes. The consent page fills it, and the token endpoint empties it. */
export function authorizationCodes(
  settings: Pick<OAuthSettings<never>, "codeLifetimeMs" | "verifiers" | "redirectUriOptional" | "newCode">,
  { now, grants }: Pick<SandboxCrmContext, "now" | "grants">,
): AuthorizationCodes {
  return new AuthorizationCodes({
    grants,
    now,
    lifetimeMs: settings.codeLifetimeMs,
    verifiers: settings.verifiers ?? CODE_VERIFIER,
    redirectUriOptional: settings.redirectUriOptional,
    newCode: () => settings.newCode(),
  });
}

/**
 * Adds consent page, token endpoint and revocation endpoint of one CRM. Needs a separate scope, because it reads only
 * forms.
 */
export function addAuthorizationServer<Account>(
  app: FastifyInstance,
  settings: OAuthSettings<Account>,
  { now, grants, rotateRefreshTokens }: SandboxCrmContext,
  { accounts, codes }: { accounts: Accounts<Account>; codes: AuthorizationCodes },
): void {
  const { format, refusals, refreshTokenIn } = settings;
  readForms(app);
  addConsentRoutes(app, settings.consent, { codes, now, isRedirectUri });

  for (const path of settings.tokenPaths) app.post(path, answerTokenCall);
  for (const path of settings.revocationPaths) {
    app.post(path, (request, reply) => {
      const refusal = settings.revocationNeedsClient ? refusalOfClient(request, settings) : null;
      return refusal ? wireAnswer(reply, refusal) : answerRevocation(settings, { now, grants }, formOf(request), reply);
    });
  }

  function answerTokenCall(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const form = formOf(request);
    const refusal = refusalOfClient(request, settings);
    if (refusal) return wireAnswer(reply, refusal);
    switch (form.get("grant_type") ?? "") {
      case "authorization_code": {
        const given = { redirectUri: form.get("redirect_uri"), codeVerifier: form.get("code_verifier") };
        if (given.redirectUri === null && refusals.NO_REDIRECT_URI) return wireAnswer(reply, refusals.NO_REDIRECT_URI);
        const redemption = codes.redeem(form.get("code") ?? "", given);
        if (redemption.outcome !== "OK") {
          return wireAnswer(reply, refusals[redemption.outcome] ?? refusals.CODE);
        }
        return answer(request, reply, redemption.grant, refreshTokenIn !== "NONE");
      }
      case "refresh_token": {
        const shown = format.readRefreshToken(form.get("refresh_token") ?? "");
        const grant = shown && grants.refresh(shown);
        if (!grant || refreshTokenIn === "NONE") return wireAnswer(reply, refusals.REFRESH_TOKEN);
        return answer(request, reply, grant, rotateRefreshTokens === "on" || refreshTokenIn === "EVERY_ANSWER");
      }
      default:
        return wireAnswer(reply, refusals.GRANT_TYPE);
    }
  }

  function answer(request: FastifyRequest, reply: FastifyReply, grant: Grant, withRefreshToken: boolean) {
    const { accessToken, refreshToken, expiresInS } = issueTokens(settings, grant, now());
    const standard: TokenAnswer = {
      access_token: accessToken,
      token_type: "Bearer",
      ...(withRefreshToken && { refresh_token: refreshToken }),
      ...(expiresInS !== null && { expires_in: expiresInS }),
    };
    const call = { grant, account: accounts.get(grant.account)!, request, now: now() };
    return reply.send(settings.answer?.(standard, call) ?? standard);
  }
}

/** Revokes the token that the parameters name. */
export function answerRevocation(
  { format, revoked }: Pick<OAuthSettings<never>, "format" | "revoked">,
  { grants, now }: Pick<SandboxCrmContext, "grants" | "now">,
  parameters: URLSearchParams,
  reply: FastifyReply,
): FastifyReply {
  const outcome = revokeToken(grants, format, parameters.get("token") ?? "", now());
  return wireAnswer(reply, revoked(outcome, parameters));
}

/** Returns the refusal of an unknown client or a wrong secret. Null for the known client with its secret. */
function refusalOfClient(
  request: FastifyRequest,
  { clientAuthentication, refusals }: Pick<OAuthSettings<never>, "clientAuthentication" | "refusals">,
): WireAnswer | null {
  if (refusals.NO_FORM && !(request.body instanceof URLSearchParams)) return refusals.NO_FORM;
  const form = formOf(request);
  const basic = basicOf(request.headers.authorization);
  const [id, secret] =
    clientAuthentication === "BASIC"
      ? [basic?.user, basic?.password]
      : [form.get("client_id"), form.get("client_secret")];
  if (id !== SANDBOX_OAUTH_CLIENT.id) return refusals.CLIENT;
  return secret === SANDBOX_OAUTH_CLIENT.secret ? null : (refusals.CLIENT_SECRET ?? refusals.CLIENT);
}

/** Makes the tokens of a grant. */
function issueTokens(
  { format, accessTokenS }: Pick<OAuthSettings<never>, "format" | "accessTokenS">,
  grant: Grant,
  now: number,
) {
  // A token that never expires still contains a time, which is far in the future.
  const expiresAt = accessTokenS === null ? now + 100 * 365 * 86_400_000 : now + accessTokenS * 1000;
  return {
    accessToken: format.accessToken(grant, expiresAt),
    refreshToken: format.refreshToken(grant),
    expiresInS: accessTokenS,
  };
}

/** Makes the credentials of an account in the form of `createConnection`. */
export function sandboxCredentials(
  settings: Pick<OAuthSettings<never>, "format" | "accessTokenS" | "refreshTokenIn">,
  account: string,
  now: number,
  grant: Grant = seedGrant(account),
): Record<string, string> {
  const { accessToken, refreshToken, expiresInS } = issueTokens(settings, grant, now);
  return {
    accessToken,
    ...(settings.refreshTokenIn === "NONE" ? {} : { refreshToken }),
    ...(expiresInS === null ? {} : { expiresAt: new Date(now + expiresInS * 1000).toISOString() }),
  };
}
