import { CrmError } from "../../errors/crm-error.js";
import type { Credentials, Provider } from "../../providers/contract/contract.js";
import type { AuthorizationServer } from "../../providers/contract/oauth.js";
import type { Environment } from "../../store/schema.js";

export interface UpstreamOrigin {
  /** With the path below which the API is, if there is one. */
  origin: string;
  /** The CRM's own address, if the operator replaced it and the credential tells it. Links to records name this one. */
  pages?: string | undefined;
  /** True for hosts that the operator set. Hosts that end users enter are not trusted. */
  allowPrivateHosts: boolean;
  /**
   * True if all workspaces reach the same server there: the vendor's own address, or the operator's. An address from a
   * credential belongs to its tenant. So does the sandbox, where each caller may ask for faults.
   */
  isShared: boolean;
}

export interface OriginOptions {
  /** Slug → origin of its sandbox. Empty if the sandbox is off. */
  sandbox: ReadonlyMap<string, string>;
  /** Slug → the URL under which browsers reach the pages of its sandbox, whose own port they may not reach. */
  sandboxPages: (slug: string) => string;
  /** Slug → the origin that the operator has set for live connections. */
  overrides: ReadonlyMap<string, string>;
  allowPrivateHosts: boolean;
}

/** Finds the origin of calls: the real CRM for live connections, and only the sandbox for test connections. */
export class Origins {
  readonly #options: OriginOptions;

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  /** @throws CrmError SERVICE_UNAVAILABLE for a test connection while the sandbox is off */
  of(provider: Provider, environment: Environment, credentials: Credentials): UpstreamOrigin {
    const replacement = this.#replacement(provider, environment);
    if (environment === "test") return { origin: replacement!, allowPrivateHosts: true, isShared: false };
    const origin = provider.origin(credentials, replacement);
    const isOperators = replacement !== undefined;
    return {
      origin,
      pages: isOperators ? ownAddress(provider, credentials) : undefined,
      allowPrivateHosts: isOperators || this.#options.allowPrivateHosts,
      isShared: isOperators || isVendors(provider, origin, credentials),
    };
  }

  /**
   * Returns the endpoints of an authorization server, moved to the sandbox or to the origin that the operator has set.
   * The vendor's paths stay.
   * @throws CrmError SERVICE_UNAVAILABLE for a test connection while the sandbox is off
   */
  authorizationServer(
    provider: Provider,
    environment: Environment,
    server: AuthorizationServer,
  ): { server: AuthorizationServer; allowPrivateHosts: boolean; isShared: boolean } {
    const replacement = this.#replacement(provider, environment);
    if (replacement === undefined) {
      // A server of the customer's own belongs to its tenant.
      const isShared = provider.oauth?.servers.some(({ id }) => id === server.id) ?? false;
      return { server, allowPrivateHosts: this.#options.allowPrivateHosts, isShared };
    }
    const pages = environment === "test" ? this.#options.sandboxPages(provider.slug) : replacement;
    const at = (base: string, endpoint: string) => base + new URL(endpoint).pathname;
    return {
      server: {
        ...server,
        authorizationEndpoint: at(pages, server.authorizationEndpoint),
        tokenEndpoint: at(replacement, server.tokenEndpoint),
        revocationEndpoint: server.revocationEndpoint === null ? null : at(replacement, server.revocationEndpoint),
      },
      allowPrivateHosts: true,
      isShared: environment === "live",
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

/** The address of the CRM for this credential. Undefined if the credential does not tell it. */
function ownAddress(provider: Provider, credentials: Credentials): string | undefined {
  try {
    return provider.origin(credentials, undefined);
  } catch (error) {
    if (error instanceof CrmError) return undefined;
    throw error;
  }
}

/** True if the vendor has this origin for every customer: it does not come from an address in the credential. */
function isVendors(provider: Provider, origin: string, credentials: Credentials): boolean {
  const withoutAddresses = Object.fromEntries(Object.entries(credentials).filter(([, value]) => !URL.canParse(value)));
  return ownAddress(provider, withoutAddresses) === origin;
}
