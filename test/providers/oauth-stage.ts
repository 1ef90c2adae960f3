import { inspect } from "node:util";
import { CrmError } from "../../src/errors/crm-error.js";
import type { AuthorizationServer, OAuthDefinition, OAuthExchange } from "../../src/providers/contract/oauth.js";
import { hubspot } from "../../src/providers/crm/hubspot/index.js";
import { salesforce } from "../../src/providers/crm/salesforce/index.js";
import { oauthTraits } from "../../src/providers/oauth/traits.js";
import type { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { scopeOf } from "../upstream/harness.js";
import type { Answer, LocalServer, Received } from "../upstream/local-server.js";

export const NOW = Date.UTC(2026, 5, 10);

/** All secrets begin with the same word, so that the tests find each of them. */
export const SECRETS = {
  client: "secret-client-0123456789",
  code: "secret-code-0123456789",
  verifier: "secret-verifier-0123456789-0123456789-0123456",
  access: "secret-access-0123456789",
  refresh: "secret-refresh-0123456789",
};

export const REDIRECT_URI = "https://crmesh.example/connect/callback/plain";
export const STATE = "state-0123456789";

/** Codes of several vendors in addition to the standard codes. */
export const VENDOR_CODES: NonNullable<OAuthDefinition["errorCodes"]> = {
  ...hubspot.oauth!.errorCodes,
  ...salesforce.oauth!.errorCodes,
  // Zoho
  invalid_code: "GRANT",
  invalid_client_secret: "CLIENT",
  invalid_redirect_uri: "REDIRECT_URI",
  "Access Denied": "LIMIT",
};

/** A vendor on the local server that follows the standard exactly. */
export function plainServer(origin: string, id = "plain"): AuthorizationServer {
  return {
    id,
    label: "Plain",
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/revoke`,
  };
}

export function plainDefinition(origin: string, own: Partial<OAuthDefinition> = {}): OAuthDefinition {
  return {
    servers: [plainServer(origin)],
    clientAuthentication: "client_secret_post",
    pkce: true,
    refreshes: true,
    errorCodes: VENDOR_CODES,
    scopes: ["read", "write"],
    ...own,
  };
}

export function exchangeWith(
  client: UpstreamClient,
  server: AuthorizationServer,
  own: Partial<OAuthExchange> = {},
): OAuthExchange {
  return {
    server,
    client: { id: "client-1", secret: SECRETS.client },
    send: (request) => client.send(request, scopeOf(), oauthTraits({ errorCodes: VENDOR_CODES })),
    now: () => NOW,
    ...own,
  };
}

export function callback(parameters: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ code: SECRETS.code, state: STATE, ...parameters });
}

export function formOf({ body }: Received): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

export function onlyRequest({ received }: LocalServer): Received {
  const [request, ...others] = received;
  if (!request || others.length > 0) throw new Error(`One request was expected, ${received.length} came.`);
  return request;
}

/** Any text with any content type. */
export function text(status: number, body: string, contentType = "text/html"): Answer {
  return (response) => response.writeHead(status, { "content-type": contentType }).end(body);
}

/** The CrmError with which the promise fails. Checks that no form of it contains a secret. */
export async function safeFailure(promise: Promise<unknown>): Promise<CrmError> {
  const error = await promise.then(
    () => new Error("The call was expected to fail."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CrmError)) throw error;
  const looks = [JSON.stringify(error), JSON.stringify(error.details), error.stack ?? "", String(error.cause)];
  looks.push(inspect(error, { depth: null, showHidden: true }));
  if (looks.some((look) => look.includes("secret-"))) throw new Error(`A secret is in the error ${error.code}.`);
  if (error.cause !== undefined) throw new Error("The error has a cause.");
  return error;
}
