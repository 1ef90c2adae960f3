import * as oauth from "oauth4webapi";
import { CrmError } from "../../errors/crm-error.js";
import type { Credentials } from "../contract/contract.js";
import { authorizationCodeOf } from "./callback.js";
import type { OAuthDefinition, OAuthExchange } from "../contract/oauth.js";
import { protocolOf } from "./protocol.js";
import { answerFieldsOf, scopesOf } from "./token-answer.js";

/** Tokens that an authorization server gave out, and what it said of them. */
export interface TokenGrant {
  credentials: Credentials;
  /** null where a renewal does not say. */
  scopes: string[] | null;
  /** null where nothing is said; some tokens never end, others end at a time nobody knows. */
  expiresAt: Date | null;
}

export interface CodeQuery {
  /** The query of the redirect with which the end user came back. */
  callback: URLSearchParams;
  /** As it was sent with the authorization request. */
  state: string;
  redirectUri: string;
  codeVerifier: string;
}

/**
 * The authorization code grant (RFC 6749 §4.1.3), from what the end user came back with.
 * @throws AuthorizationDeclinedError, CrmError INVALID_INPUT for an answer to somebody else's request,
 *   PROVIDER_AUTH_FAILED for a code that is refused, and what the endpoint answered, or did not
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
  // An answer that names no scopes has granted those that were asked for (RFC 6749 §5.1).
  return { ...grant, scopes: grant.scopes ?? [...definition.scopes] };
}

/**
 * The refresh grant (RFC 6749 §6). The old refresh token is kept where the answer has none.
 * @returns null when there is no refresh token
 * @throws CrmError NEEDS_REAUTH when the grant is refused, SERVICE_UNAVAILABLE when crmesh itself is;
 *   PROVIDER_UNAVAILABLE and the like when nobody answered
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
  // The old expiry says nothing of the new token.
  const { expiresAt: _expired, ...kept } = credentials;
  return grantOf(exchange, answer, { ...kept, ...fields });
}

/**
 * Ends a grant at the provider (RFC 7009): by its refresh token, with which the access tokens end, else by the access
 * token where crmesh obtained it. One that a caller brought along is theirs.
 * @returns false where there is no such endpoint or nothing (left) to revoke
 * @throws CrmError what the endpoint answered, or did not; the tokens may then still be good
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
    // The provider knows no such token any more.
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

/** oauth4webapi's errors carry the answer they are about, so none of them travels on, not even as a cause. */
function noTokens(error: unknown): never {
  const isFaultOfAnswer =
    error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;
  if (!isFaultOfAnswer) throw error;
  throw new CrmError("PROVIDER_ERROR", { detail: "The token endpoint’s response has no usable access token." });
}
