import * as oauth from "oauth4webapi";
import { CrmError } from "../../errors/crm-error.js";
import type { AnswerBody } from "../../upstream/answer-body.js";
import type { OAuthDefinition, OAuthExchange } from "../contract/oauth.js";
import { lenient, record } from "../../upstream/decode.js";
import { standardAnswer } from "./token-answer.js";

/**
 * The parties of one exchange, as oauth4webapi names them. oauth4webapi runs the protocol; our upstream client sends.
 */
export interface Protocol {
  as: oauth.AuthorizationServer;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  /** For requests that return tokens. Afterwards, `answered` contains the original response. */
  tokenRequest: oauth.TokenEndpointRequestOptions;
  answered: Record<string, unknown>;
  revocationRequest: oauth.RevocationRequestOptions;
}

export function protocolOf(exchange: OAuthExchange, definition: OAuthDefinition): Protocol {
  const { server, client } = exchange;
  const authenticate =
    definition.clientAuthentication === "client_secret_basic" ? oauth.ClientSecretBasic : oauth.ClientSecretPost;
  const protocol: Protocol = {
    as: {
      // The name of an authorization server in a callback with `iss` (RFC 9207).
      issuer: new URL(server.authorizationEndpoint).origin,
      token_endpoint: server.tokenEndpoint,
      ...(server.revocationEndpoint === null ? {} : { revocation_endpoint: server.revocationEndpoint }),
    },
    client: { client_id: client.id },
    authentication: authenticate(client.secret),
    answered: {},
    tokenRequest: {
      ...endpointsAsConfigured(),
      [oauth.customFetch]: async (url, request) => {
        // Never retried: if refresh tokens rotate, a second use of the same token revokes the connection.
        const { body } = await send(exchange, url, request, false);
        protocol.answered = tokensIn(body);
        return Response.json(standardAnswer(protocol.answered));
      },
    },
    revocationRequest: {
      ...endpointsAsConfigured(),
      [oauth.customFetch]: async (url, request) => {
        await send(exchange, url, request, true);
        return new Response();
      },
    },
  };
  return protocol;
}

/** The sandbox and an operator's override may use plain HTTP. Vendors' own endpoints use HTTPS. */
function endpointsAsConfigured(): { [oauth.allowInsecureRequests]: boolean } {
  return { [oauth.allowInsecureRequests]: true };
}

async function send(
  exchange: OAuthExchange,
  url: string,
  { body, headers }: { body: URLSearchParams; headers: Record<string, string> },
  safe: boolean,
) {
  const { authorization } = headers;
  const form = Object.fromEntries(body);
  try {
    return await exchange.send({
      method: "POST",
      url,
      form,
      safe,
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    // The outcome of a token request is not the outcome of the caller's write, which has not begun.
    const { outcome: _outcome, ...details } = error.details;
    throw new CrmError(error.code, details);
  }
}

/** The members of a token response. Its outcome is not the one of a caller's write, either. */
function tokensIn(body: AnswerBody): Record<string, unknown> {
  const members = body.decode(lenient(record({})));
  if (members) return members;
  throw new CrmError("PROVIDER_ERROR", { detail: "The token endpoint’s response is not a JSON object." });
}
