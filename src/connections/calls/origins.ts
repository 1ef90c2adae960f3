import { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { AuthorizationServer } from "../../providers/contract/oauth.js";
import type { Environment } from "../../store/schema.js";

export interface UpstreamOrigin {
  origin: string;
  /** Hosts that the operator named are trusted; those that end users type in are not. */
  allowPrivateHosts: boolean;
}

export interface OriginOptions {
  /** Slug → origin of its sandbox; empty when the sandbox is off. */
  sandbox: ReadonlyMap<string, string>;
  /** Slug → the operator's replacement for live connections. */
  overrides: ReadonlyMap<string, string>;
  allowPrivateHosts: boolean;
}

/** Decides where calls go: live connections to the real CRMs, test connections to the sandbox and nowhere else. */
export class Origins {
  readonly #options: OriginOptions;

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  /** @throws CrmError SERVICE_UNAVAILABLE for a test connection while the sandbox is off */
  of(provider: Provider, environment: Environment, credentials: Credentials): UpstreamOrigin {
    const replacement = this.#replacement(provider, environment);
    if (environment === "test") return { origin: replacement!, allowPrivateHosts: true };
    return {
      origin: provider.origin(credentials, replacement),
      allowPrivateHosts: replacement !== undefined || this.#options.allowPrivateHosts,
    };
  }

  /**
   * The endpoints of an authorization server as they are to be called: the vendor’s paths, at the sandbox or where the
   * operator says.
   * @throws CrmError SERVICE_UNAVAILABLE for a test connection while the sandbox is off
   */
  authorizationServer(
    provider: Provider,
    environment: Environment,
    server: AuthorizationServer,
  ): { server: AuthorizationServer; allowPrivateHosts: boolean } {
    const replacement = this.#replacement(provider, environment);
    if (replacement === undefined) return { server, allowPrivateHosts: this.#options.allowPrivateHosts };
    const at = (endpoint: string) => replacement + new URL(endpoint).pathname;
    return {
      server: {
        ...server,
        authorizationEndpoint: at(server.authorizationEndpoint),
        tokenEndpoint: at(server.tokenEndpoint),
        revocationEndpoint: server.revocationEndpoint === null ? null : at(server.revocationEndpoint),
      },
      allowPrivateHosts: true,
    };
  }

  #replacement(provider: Provider, environment: Environment): string | undefined {
    if (environment === "live") return this.#options.overrides.get(provider.slug);
    const origin = this.#options.sandbox.get(provider.slug);
    if (origin !== undefined) return origin;
    throw new CrmError("SERVICE_UNAVAILABLE", {
      detail: "The sandbox CRMs are switched off. The operator can switch them on with CRMESH_SANDBOX=on.",
    });
  }
}
