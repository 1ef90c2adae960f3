import { CrmError } from "../errors/crm-error.js";
import type { Credentials, Provider } from "../providers/contract.js";
import type { Environment } from "../store/schema.js";

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
    if (environment === "test") {
      const origin = this.#options.sandbox.get(provider.slug);
      if (origin !== undefined) return { origin, allowPrivateHosts: true };
      throw new CrmError("SERVICE_UNAVAILABLE", { detail: "The sandbox CRMs are switched off (CRMESH_SANDBOX)." });
    }
    const override = this.#options.overrides.get(provider.slug);
    return {
      origin: provider.origin(credentials, override),
      allowPrivateHosts: override !== undefined || this.#options.allowPrivateHosts,
    };
  }
}
