import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from "oauth4webapi";
import type { AuthorizationServer, OAuthDefinition } from "../contract/oauth.js";

/** The end user pressed Cancel where the provider asked for consent. */
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
  /** Ties the answer to the browser that asked. */
  state: string;
  codeVerifier: string;
}

/** Binds an authorization to the browser that began it; 256 random bits. */
export const generateState = generateRandomState;

/** Binds a code to whoever began the authorization (RFC 7636); 256 random bits. */
export const generateCodeVerifier = generateRandomCodeVerifier;

/** Where to send the end user for consent (RFC 6749 §4.1.1). Nothing in it is secret. */
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
  // Not every server reads a plus as a space; all read this.
  url.search = url.search.replaceAll("+", "%20");
  return url.href;
}
