import { Origins } from "../../src/connections/calls/origins.js";
import type { CredentialExchange, Credentials, Provider } from "../../src/providers/contract/contract.js";
import { serverOf, type OAuthExchange } from "../../src/providers/contract/oauth.js";
import { refreshGrant } from "../../src/providers/oauth/grants.js";
import { oauthTraits } from "../../src/providers/oauth/traits.js";
import type { CallOptions } from "../../src/upstream/request.js";
import type { UpstreamClient } from "../../src/upstream/upstream-client.js";

/** The authorization server of a provider, played by the sandbox at this origin. */
export function oauthExchangeAt(
  provider: Provider,
  at: { origin: string; client: UpstreamClient; scope: CallOptions; oauthClient: OAuthExchange["client"] },
): OAuthExchange {
  const origins = new Origins({
    sandbox: new Map([[provider.slug, at.origin]]),
    overrides: new Map(),
    allowPrivateHosts: true,
  });
  const { server } = origins.authorizationServer(provider, "test", serverOf(provider.oauth!, undefined));
  return {
    server,
    client: at.oauthClient,
    send: (request) => at.client.send(request, at.scope, oauthTraits(provider.oauth!)),
    now: () => Date.now(),
  };
}

/** A fresh credential in the manner of the provider, as the connections room gets it. */
export async function renewCredentials(
  provider: Provider,
  exchange: CredentialExchange,
  oauthExchange: () => OAuthExchange,
  credentials: Credentials,
): Promise<Credentials | null> {
  if (!provider.oauth) return (await provider.renew?.(exchange, credentials)) ?? null;
  return (await refreshGrant(oauthExchange(), provider.oauth, credentials))?.credentials ?? null;
}

/** Says nothing more of a failure than it says itself. */
export const unexplained = async <Failure>(error: Failure): Promise<Failure> => error;
