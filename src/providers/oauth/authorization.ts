import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from "oauth4webapi";
import type { AuthorizationServer, OAuthDefinition } from "../contract/oauth.js";

/** The end user refused consent on the provider's page. */
export class AuthorizationDeclinedError extends Error {
  override readonly name = "AuthorizationDeclinedError";

  constructor() {
    super("The end user did not give consent.");
  }
}

export interface AuthorizationQuery {
  clientId: string;
  /** Registered at the provider, letter for letter. */
  redirectUri: string;
  /** Ties the callback to the browser that started the authorization. */
  state: string;
  codeVerifier: string;
}

/** Creates the `state` that ties an authorization to its browser: 256 random bits. */
export const generateState = generateRandomState;

/** Creates the code verifier (RFC 7636): 256 random bits. */
export const generateCodeVerifier = generateRandomCodeVerifier;

/** Builds the URL of the consent page (RFC 6749 §4.1.1). It contains no secret. */
export async function authorizationUrl(
  definition: OAuthDefinition,
  server: AuthorizationServer,
  { clientId, redirectUri, state, codeVerifier }: AuthorizationQuery,
): Promise<string> {
  const { scopes, scopeSeparator = " ", authorizationParameters = {}, pkce } = definition;
  const url = new URL(server.authorizationEndpoint);
  const parameters = {
    ...authorizationParameters,
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(scopes.length > 0 ? { scope: scopes.join(scopeSeparator) } : {}),
    state,
    ...(pkce ? { code_challenge: await calculatePKCECodeChallenge(codeVerifier), code_challenge_method: "S256" } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  // Some servers do not read a plus as a space. All servers read %20.
  url.search = url.search.replaceAll("+", "%20");
  return url.href;
}
