import type { CredentialField } from "./credential-field.js";
import { CrmError, invalidInput } from "../../errors/crm-error.js";
import type { UpstreamRequest, UpstreamResponse } from "../../upstream/request.js";

/** One authorization server of a vendor. All endpoints are absolute URLs. */
export interface AuthorizationServer {
  /** Stored with the credentials, so it must never change. */
  id: string;
  /** Name for people, e.g. "Production". */
  label: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** Null if the vendor has no such endpoint. */
  revocationEndpoint: string | null;
}

/** Meaning of an error code of an authorization server. */
export type OAuthErrorMeaning =
  /** The server refuses the grant. The end user has to give consent again. */
  | "GRANT"
  /** The server refuses crmesh's client id or secret. */
  | "CLIENT"
  | "REDIRECT_URI"
  | "BUSY"
  /** crmesh requested too many tokens. */
  | "LIMIT";

/**
 * A question that the end user answers before the consent page opens, e.g. the address of their own server. The answer
 * is stored with the credentials, under the field's name.
 */
export interface OAuthQuestion {
  field: CredentialField;
  /** Normalises the end user's answer. @throws CrmError INVALID_INPUT under `credentials.<name>` */
  read: (answer: string) => string;
  /** The scopes that contain the answer. */
  scopes(answer: string): readonly string[];
}

/**
 * The authorization servers that a vendor gives each customer under an address of their own. An end user may name one
 * instead of one of the vendor's `servers`.
 */
export interface OwnServers {
  field: CredentialField;
  /**
   * The server at the address that an end user has typed in. Its id is its host, and `read` takes the id, too.
   * @throws CrmError INVALID_INPUT under `credentials.<name>` for every host that is not certainly the vendor's: the server
   *   gets the code and crmesh's secret
   */
  read: (address: string) => AuthorizationServer;
}

/** The differences between the vendors' OAuth 2.0, as data. */
export interface OAuthDefinition {
  /** Several if the vendor has data centres, or production and test. The first server is the default. */
  servers: readonly [AuthorizationServer, ...AuthorizationServer[]];
  /** Not together with `question`: Connect asks for one thing before consent. */
  ownServers?: OwnServers;
  /**
   * The callback parameter with the address of the server that issued the code. For vendors that choose the data centre
   * themselves. crmesh refuses an address that is not in `servers`.
   */
  serverParameter?: string;
  clientAuthentication: "client_secret_post" | "client_secret_basic";
  /** Whether the vendor accepts a code challenge (RFC 7636, S256). */
  pkce: boolean;
  scopes: readonly string[];
  question?: OAuthQuestion;
  /** Whether the vendor issues refresh tokens. Without them, a connection lasts as long as its access token. */
  refreshes: boolean;
  /** The vendor's own error codes. crmesh never reads error texts, because vendors change them. */
  errorCodes?: Readonly<Record<string, OAuthErrorMeaning>>;
  /** Defaults to a space. */
  scopeSeparator?: " " | ",";
  /** Additional parameters of the authorization request. */
  authorizationParameters?: Readonly<Record<string, string>>;
  /** Credential field ← member of the token response that calls of the API need. */
  answerFields?: Readonly<Record<string, string>>;
}

/** One authorization server, with crmesh as its client. */
export interface OAuthExchange {
  /** The server with the endpoints to call: the vendor's, the sandbox's, or the operator's override. */
  readonly server: AuthorizationServer;
  readonly client: { id: string; secret: string };
  /** Sends with the definition's `oauthTraits`. @throws CrmError */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Finds the server with this id. Without an id (credentials that crmesh did not obtain itself), returns the first
 * server.
 * @throws CrmError INVALID_INPUT if the provider has no server with this id
 */
export function serverOf({ servers, ownServers }: OAuthDefinition, id: string | undefined): AuthorizationServer {
  if (id === undefined) return servers[0];
  const server = servers.find((one) => one.id === id) ?? ownServer(ownServers, id);
  if (server) return server;
  throw invalidInput(
    {},
    { detail: `Unknown authorization server. Use one of: ${servers.map((one) => one.id).join(", ")}.` },
  );
}

/** The customer's own server with this id. Undefined for every id that is not exactly its host. */
function ownServer(own: OwnServers | undefined, id: string): AuthorizationServer | undefined {
  try {
    const server = own?.read(id);
    return server?.id === id ? server : undefined;
  } catch (error) {
    if (error instanceof CrmError && error.code === "INVALID_INPUT") return undefined;
    throw error;
  }
}

/**
 * Finds the server that issued the callback's code. If the callback names no server, returns the server of the attempt.
 * @throws CrmError INVALID_INPUT if the named server is not the provider's: it must not get the code and crmesh's
 *   secret
 */
export function serverOfCallback(
  definition: OAuthDefinition,
  callback: URLSearchParams,
  fallbackId: string,
): AuthorizationServer {
  const { serverParameter, servers } = definition;
  const named = serverParameter === undefined ? [] : callback.getAll(serverParameter);
  if (named.length === 0) return serverOf(definition, fallbackId);
  const origins = new Set(named.map((address) => URL.parse(address)?.origin));
  const server = servers.find(({ tokenEndpoint }) => origins.size === 1 && origins.has(new URL(tokenEndpoint).origin));
  if (server) return server;
  throw invalidInput({}, { detail: "The OAuth callback names an authorization server that is not the provider’s." });
}
