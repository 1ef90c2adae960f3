import type { CredentialExchange, Credentials, Provider } from "../../providers/contract/contract.js";
import type { OAuthExchange } from "../../providers/contract/oauth.js";
import { serverOf } from "../../providers/contract/oauth.js";
import { oauthTraits } from "../../providers/oauth/traits.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { Clock } from "../../upstream/clock.js";
import type { CallOptions } from "../../upstream/request.js";
import type { UpstreamClient } from "../../upstream/upstream-client.js";
import { CrmError } from "../../errors/crm-error.js";
import type { Environment } from "../../store/schema.js";
import type { CallTarget } from "./call-target.js";
import { callOptions } from "./call-options.js";
import { operationBound, type Operation } from "./operation.js";
import type { Origins } from "./origins.js";
import { upstreamRequest } from "./provider-context.js";

export interface OAuthClient {
  id: string;
  secret: string;
}

export type OAuthClients = (provider: Provider, environment: Environment) => OAuthClient | null;

export interface ApiAccess {
  origin: string;
  /** @see UpstreamOrigin.pages */
  pages: string | undefined;
  call: CallOptions;
  exchange: CredentialExchange;
}

/** Gives access to a provider's API and authorization server for one target and operation. */
export class UpstreamAccess {
  readonly client: UpstreamClient;
  readonly #origins: Origins;
  readonly #oauthClients: OAuthClients;
  readonly #clock: Pick<Clock, "now" | "monotonic">;

  constructor(options: {
    client: UpstreamClient;
    origins: Origins;
    oauthClients: OAuthClients;
    clock: Pick<Clock, "now" | "monotonic">;
  }) {
    this.client = options.client;
    this.#origins = options.origins;
    this.#oauthClients = options.oauthClients;
    this.#clock = options.clock;
  }

  /** False if the provider uses OAuth and the operator has not set an OAuth client. */
  isConfigured(provider: Provider, environment: Environment): boolean {
    return provider.oauth === undefined || this.#oauthClients(provider, environment) !== null;
  }

  /**
   * The CRM's API.
   * @param bound limits its calls; the operation's deadline by default
   * @throws CrmError SERVICE_UNAVAILABLE while the sandbox is off, INVALID_INPUT for a bad address
   */
  api(
    target: CallTarget,
    credentials: Credentials,
    operation: Operation,
    bound: CallBound = operationBound(operation, this.#clock),
  ): ApiAccess {
    const { provider, environment } = target;
    const origin = this.#origins.of(provider, environment, credentials);
    const call = callOptions(target, origin, operation, bound);
    const exchange: CredentialExchange = {
      origin: origin.origin,
      send: (request) => this.client.send(upstreamRequest(origin.origin, request), call, provider.traits),
      now: () => this.#clock.now(),
    };
    return { origin: origin.origin, pages: origin.pages, call, exchange };
  }

  /**
   * The authorization server of a provider, by its id.
   * @throws CrmError SERVICE_UNAVAILABLE if no OAuth client is configured
   */
  oauth(target: CallTarget, serverId: string | undefined, operation: Operation): OAuthExchange {
    const { provider, environment } = target;
    const client = this.#oauthClients(provider, environment);
    if (!client || !provider.oauth) throw notConfigured(provider);
    const found = serverOf(provider.oauth, serverId);
    const { server, ...trust } = this.#origins.authorizationServer(provider, environment, found);
    const { origin } = new URL(server.tokenEndpoint);
    const bound = operationBound(operation, this.#clock);
    const call = callOptions(target, { origin, ...trust }, operation, bound);
    const traits = oauthTraits(provider.oauth);
    return { server, client, send: (request) => this.client.send(request, call, traits), now: () => this.#clock.now() };
  }
}

/** Tells the operator which variables set the provider's OAuth client. */
export function missingClient({ name, slug }: Provider): string {
  const prefix = `CRMESH_${slug.toUpperCase()}_CLIENT`;
  return `${name} is not configured: the operator must set its OAuth client in ${prefix}_ID and ${prefix}_SECRET.`;
}

export function notConfigured(provider: Provider): CrmError {
  return new CrmError("SERVICE_UNAVAILABLE", { provider: provider.slug, detail: missingClient(provider) });
}
