import { SANDBOX_OAUTH_CLIENT } from "./client.js";

/** The faults of an authorization request. */
export type AuthorizationFault =
  "REPEATED_PARAMETER" | "CLIENT" | "REDIRECT_URI" | "RESPONSE_TYPE" | "SCOPE" | "CODE_CHALLENGE";

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string | null;
  /** The requested scopes that this CRM has. */
  readonly scopes: readonly string[];
  readonly codeChallenge: string | null;
}

export interface AuthorizationRules {
  /** Scope → its description for the user. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Further scopes, which contain a name that the customer chose. */
  readonly otherScopes?: RegExp;
  /** The scopes of a request without scopes. Null if a request must name a scope. */
  readonly defaultScopes: readonly string[] | null;
  /** Whether the CRM reads `optional_scope`. */
  readonly hasOptionalScopes?: boolean;
  /** Whether a request may omit `response_type`. */
  readonly responseTypeOptional?: boolean;
}

export interface RefusedRequest {
  readonly fault: AuthorizationFault;
  /** The faulty value. */
  readonly given: string;
  /** The redirect URI and state for the answer to the app. Null if the redirect URI is not known to be the app's. */
  readonly answerTo: Pick<AuthorizationRequest, "redirectUri" | "state"> | null;
}

/** The length of a SHA-256 hash in base64url. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads the parameters of an authorization request.
 * @param isRedirectUri whether a redirect URI is one of the app's
 */
export function readAuthorizationRequest(
  parameters: URLSearchParams,
  rules: AuthorizationRules,
  isRedirectUri: (text: string) => boolean,
): AuthorizationRequest | RefusedRequest {
  const repeated = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) return { fault: "REPEATED_PARAMETER", given: repeated, answerTo: null };

  const clientId = parameters.get("client_id") ?? "";
  if (clientId !== SANDBOX_OAUTH_CLIENT.id) return { fault: "CLIENT", given: clientId, answerTo: null };
  const redirectUri = parameters.get("redirect_uri") ?? "";
  if (!isRedirectUri(redirectUri)) return { fault: "REDIRECT_URI", given: redirectUri, answerTo: null };

  const answerTo = { redirectUri, state: parameters.get("state") };
  const refuse = (fault: AuthorizationFault, given: string | null) => ({ fault, given: given ?? "", answerTo });
  const responseType = parameters.get("response_type");
  if (!rules.responseTypeOptional && responseType !== "code") return refuse("RESPONSE_TYPE", responseType);
  const scopes = grantedScopes(parameters, rules);
  if (scopes.length === 0) return refuse("SCOPE", parameters.get("scope"));
  const codeChallenge = parameters.get("code_challenge");
  const method = parameters.get("code_challenge_method");
  // The default method is S256, because jsforce sends a challenge without a method.
  if (method !== null && method !== "S256") return refuse("CODE_CHALLENGE", method);
  if (codeChallenge === null ? method !== null : !S256_CHALLENGE.test(codeChallenge)) {
    return refuse("CODE_CHALLENGE", codeChallenge);
  }
  return { ...answerTo, scopes, codeChallenge };
}

function grantedScopes(parameters: URLSearchParams, rules: AuthorizationRules): readonly string[] {
  const required = scopeList(parameters.get("scope"));
  if (required.length === 0) return rules.defaultScopes ?? [];
  const optional = rules.hasOptionalScopes ? scopeList(parameters.get("optional_scope")) : [];
  const asked = new Set([...required, ...optional]);
  const known = Object.keys(rules.scopes).filter((scope) => asked.has(scope));
  return [...known, ...[...asked].filter((scope) => rules.otherScopes?.test(scope) && !known.includes(scope))];
}

function scopeList(text: string | null): string[] {
  return (text ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
}
