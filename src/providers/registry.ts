import { CrmError } from "../errors/crm-error.js";
import type { Provider } from "./contract/contract.js";

/** The CRMs that crmesh speaks, by slug. */
export class ProviderRegistry {
  readonly #providers: ReadonlyMap<string, Provider>;

  constructor(providers: readonly Provider[]) {
    this.#providers = new Map(providers.map((provider) => [provider.slug, provider]));
  }

  get all(): readonly Provider[] {
    return [...this.#providers.values()];
  }

  has(slug: string): boolean {
    return this.#providers.has(slug);
  }

  /** @throws CrmError PROVIDER_NOT_FOUND */
  get(slug: string): Provider {
    const provider = this.#providers.get(slug);
    if (provider) return provider;
    throw new CrmError("PROVIDER_NOT_FOUND", {
      detail: `Unknown provider. Use one of: ${[...this.#providers.keys()].join(", ")}.`,
    });
  }
}
