import * as oauth from "oauth4webapi";
import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../contract/contract.js";
import { authorizationCodeOf } from "./callback.js";
import type { OAuthDefinition, OAuthExchange } from "../contract/oauth.js";
import { protocolOf } from "./protocol.js";
import { answerFieldsOf, scopesOf } from "./token-answer.js";

/** Tokens from an authorization server, with their scopes and expiry. */
export interface TokenGrant {
  credentials: Credentials;
  /** Null if a renewal does not state the scopes. */
  scopes: string[] | null;
  /** Null if the server does not state an expiry. The token may never expire, or expire at an unknown time. */
  expiresAt: Date | null;
}

export interface CodeQuery {
  /** Query parameters of the redirect to crmesh. */
  callback: URLSearchParams;
  /** The value of the authorization request. */
  state: string;
  redirectUri: string;
  codeVerifier: string;
}

/**
 * Exchanges the code of the callback for tokens (authorization code grant, RFC 6749 §4.1.3).
 * @throws AuthorizationDeclinedError, CrmError INVALID_INPUT if the callback belongs to another request,
 *   PROVIDER_AUTH_FAILED if the server refuses the code, or the error of the token endpoint
 */
export async function exchangeCode(
  exchange: OAuthExchange,
  definition: OAuthDefinition,
  { callback, state, redirectUri, codeVerifier }: CodeQuery,
): Promise<TokenGrant> {
  const protocol = protocolOf(exchange, definition);
  const { as, client, authentication, tokenRequest } = protocol;
  const code = authorizationCodeOf(as, client, callback, state, definition.errorCodes);
  const verifier = definition.pkce ? codeVerifier : oauth.nopkce;
  const response = await oauth
    .authorizationCodeGrantRequest(as, client, authentication, code, redirectUri, verifier, tokenRequest)
    .catch(codeRefused);
  const answer = await oauth.processAuthorizationCodeResponse(as, client, response).catch(noTokens);
  const fields = answerFieldsOf(protocol.answered, definition.answerFields ?? {}, true);
  const grant = grantOf(exchange, answer, { authorizationServer: exchange.server.id, ...fields });
  // A response without scopes grants the requested scopes (RFC 6749 §5.1).
  return { ...grant, scopes: grant.scopes ?? [...definition.scopes] };
}

/**
 * Refreshes the tokens (RFC 6749 §6). Keeps the old refresh token if the response has none.
 * @returns null if there is no refresh token
 * @throws CrmError NEEDS_REAUTH if the server refuses the grant, SERVICE_UNAVAILABLE if it refuses crmesh's client,
 *   PROVIDER_UNAVAILABLE and similar codes if no response came
 */
export async function refreshGrant(
  exchange: OAuthExchange,
  definition: OAuthDefinition,
  credentials: Credentials,
): Promise<TokenGrant | null> {
  const refreshToken = credentials["refreshToken"];
  if (!refreshToken) return null;
  const protocol = protocolOf(exchange, definition);
  const { as, client, authentication, tokenRequest } = protocol;
  const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, tokenRequest);
  const answer = await oauth.processRefreshTokenResponse(as, client, response).catch(noTokens);
  const fields = answerFieldsOf(protocol.answered, definition.answerFields ?? {}, false);
  // The old expiry does not apply to the new token.
  const { expiresAt: _expired, ...kept } = credentials;
  return grantOf(exchange, answer, { ...kept, ...fields });
}

/**
 * Revokes a grant at the provider (RFC 7009). Revoking the refresh token also ends its access tokens. Without a refresh
 * token, revokes the access token, but only if crmesh obtained it; other access tokens belong to the caller.
 * @returns false if there is no revocation endpoint or nothing to revoke
 * @throws CrmError the error of the endpoint; the tokens may then still be valid
 */
export async function revokeGrant(
  exchange: OAuthExchange,
  definition: OAuthDefinition,
  credentials: Credentials,
): Promise<boolean> {
  const { refreshToken, accessToken, authorizationServer } = credentials;
  const token = refreshToken || (authorizationServer === undefined ? undefined : accessToken);
  if (exchange.server.revocationEndpoint === null || !token) return false;
  const { as, client, authentication, revocationRequest } = protocolOf(exchange, definition);
  const options = {
    ...revocationRequest,
    additionalParameters: { token_type_hint: refreshToken ? "refresh_token" : "access_token" },
  };
  try {
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, token, options));
    return true;
  } catch (error) {
    // The provider no longer knows the token.
    if (error instanceof CrmError && error.code === "NEEDS_REAUTH") return false;
    throw error;
  }
}

function grantOf(exchange: OAuthExchange, answer: oauth.TokenEndpointResponse, kept: Credentials): TokenGrant {
  const { access_token, refresh_token, expires_in, scope } = answer;
  const expiresAt = expires_in === undefined ? null : new Date(exchange.now() + expires_in * 1000);
  return {
    credentials: {
      ...kept,
      accessToken: access_token,
      ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
      ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }),
    },
    scopes: scope === undefined ? null : scopesOf(scope),
    expiresAt,
  };
}

function codeRefused(error: unknown): never {
  if (!(error instanceof CrmError) || error.code !== "NEEDS_REAUTH") throw error;
  throw new CrmError("PROVIDER_AUTH_FAILED", {
    ...error.details,
    detail: "The provider refused the authorization code. It has expired or was used before. Connect again.",
  });
}

/** oauth4webapi's errors contain the response, so crmesh never passes them on, not even as a cause. */
function noTokens(error: unknown): never {
  const isFaultOfAnswer =
    error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;
  if (!isFaultOfAnswer) throw error;
  throw new CrmError("PROVIDER_ERROR", { detail: "The token endpoint’s response has no usable access token." });
}
