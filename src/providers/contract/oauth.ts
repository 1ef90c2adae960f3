import type { CredentialField } from "./credential-field.js";
import { invalidInput } from "../../errors/crm-error.js";
import type { UpstreamRequest, UpstreamResponse } from "../../upstream/request.js";

/** One place where a vendor hands out tokens; all endpoints are absolute. */
export interface AuthorizationServer {
  /** Kept with the credentials, so it never changes. */
  id: string;
  /** For people: "Production". */
  label: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** null where the vendor has none. */
  revocationEndpoint: string | null;
}

/** What an error code of an authorization server amounts to. */
export type OAuthErrorMeaning =
  /** The grant is refused: the end user has to give consent again. */
  | "GRANT"
  /** crmesh's own client id or secret is. */
  | "CLIENT"
  | "REDIRECT_URI"
  | "BUSY"
  /** Too many tokens were asked for. */
  | "LIMIT";

/**
 * What an end user must say before consent can be asked for, because the vendor has a server for every customer. It is
 * kept with the credentials, under the field's name.
 */
export interface OAuthQuestion {
  field: CredentialField;
  /** The answer as it is kept. @throws CrmError INVALID_INPUT under `credentials.<name>` */
  read(answer: string): string;
  /** The scopes that name it. */
  scopes(answer: string): readonly string[];
}

/** What sets one vendor's OAuth 2.0 apart from another's. */
export interface OAuthDefinition {
  /** More than one: data centres, or production and test; the first is the default. */
  servers: readonly [AuthorizationServer, ...AuthorizationServer[]];
  /**
   * Where the vendor chooses the data centre itself: the parameter of the callback that names the server which issued
   * the code, by its address. One that is not of `servers` is refused.
   */
  serverParameter?: string;
  clientAuthentication: "client_secret_post" | "client_secret_basic";
  /** Whether the vendor takes a code challenge (RFC 7636, S256). */
  pkce: boolean;
  scopes: readonly string[];
  question?: OAuthQuestion;
  /** Whether the vendor gives out refresh tokens; without them a connection lasts as long as its access token. */
  refreshes: boolean;
  /** The vendor's error codes beside the standard ones. Texts are the vendors' to change, so none is read. */
  errorCodes?: Readonly<Record<string, OAuthErrorMeaning>>;
  /** A space where nothing is said. */
  scopeSeparator?: " " | ",";
  /** Those that the authorization request has besides the standard ones. */
  authorizationParameters?: Readonly<Record<string, string>>;
  /** Credential field ← member of the token answer without which the API cannot be called. */
  answerFields?: Readonly<Record<string, string>>;
}

/** What the grants work with: one authorization server, and crmesh as its client. */
export interface OAuthExchange {
  /** With its endpoints as they are to be called: the vendor's, the sandbox's, or the operator's override. */
  readonly server: AuthorizationServer;
  readonly client: { id: string; secret: string };
  /** Sends with the definition's `oauthTraits`. @throws CrmError */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * The server of this id; the first where none is given, as in credentials that crmesh did not obtain itself.
 * @throws CrmError INVALID_INPUT for an id that the provider does not have
 */
export function serverOf({ servers }: OAuthDefinition, id: string | undefined): AuthorizationServer {
  if (id === undefined) return servers[0];
  const server = servers.find((one) => one.id === id);
  if (server) return server;
  throw invalidInput(
    {},
    { detail: `Unknown authorization server. Use one of: ${servers.map((one) => one.id).join(", ")}.` },
  );
}

/**
 * The server that issued the callback's code: the one the callback names, or that of the attempt where it names none.
 * @throws CrmError INVALID_INPUT for one that is not the provider's: the code and crmesh's secret must not go there
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
