import { LRUCache } from "lru-cache";
import { CrmError } from "../errors/crm-error.js";
import type { AdapterRequest, Credentials, Provider, ProviderContext } from "../providers/contract.js";
import type { CallScope, UpstreamResponse } from "../upstream/request.js";
import type { UpstreamClient } from "../upstream/upstream-client.js";

/** A credential that can be renewed. Versions tell a renewed one from the one that was refused. */
export interface CredentialSource {
  current(): Promise<VersionedCredentials>;
  /**
   * A newer credential than the refused version, whoever renewed it; null when there is nothing to renew it with.
   * @throws CrmError NEEDS_REAUTH when the CRM refuses
   */
  renew(refused: number): Promise<VersionedCredentials | null>;
}

export interface VersionedCredentials {
  version: number;
  value: Credentials;
}

export interface ProviderContextOptions {
  provider: Provider;
  client: UpstreamClient;
  credentials: CredentialSource;
  origin: string;
  scope: CallScope;
  definitions: DefinitionCache;
  /** The operator's choice for the provider's settings, by name; defaults where there is none. */
  settings?: ReadonlyMap<string, string> | undefined;
  /** Adds to a failure what only the connection knows. */
  explain(error: CrmError): Promise<CrmError>;
}

/** Milliseconds for which pipelines, custom fields and users of a CRM are taken as unchanged. */
const DEFINITIONS_TTL_MS = 10 * 60 * 1000;
const MAX_DEFINITIONS = 5_000;

/** What rarely changes at the CRMs, per connection; several callers share one load. */
export class DefinitionCache {
  readonly #entries = new LRUCache<string, Promise<unknown>>({ max: MAX_DEFINITIONS, ttl: DEFINITIONS_TTL_MS });

  get<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    const kept = this.#entries.get(key);
    if (kept) return kept as Promise<Value>;
    const loading = load();
    this.#entries.set(key, loading);
    // A failure is not a definition.
    loading.catch(() => this.#entries.delete(key));
    return loading;
  }
}

/** Gives an adapter its connection: every request gets origin and credential, and a refused credential is renewed once. */
export function createProviderContext(options: ProviderContextOptions): ProviderContext {
  const { provider, client, credentials, origin, scope, definitions, settings, explain } = options;
  const sendWith = (request: AdapterRequest, { value }: VersionedCredentials) =>
    client.send(upstreamRequest(origin, provider.authorize(request, value)), scope, provider.traits);

  async function sendRenewing(request: AdapterRequest): Promise<UpstreamResponse> {
    const credential = await credentials.current();
    try {
      return await sendWith(request, credential);
    } catch (error) {
      if (!(error instanceof CrmError) || !error.credentialRefused) throw error;
      const renewed = await credentials.renew(credential.version);
      if (!renewed) throw error;
      return await sendWith(request, renewed);
    }
  }

  async function send(request: AdapterRequest): Promise<UpstreamResponse> {
    try {
      return await sendRenewing(request);
    } catch (error) {
      throw error instanceof CrmError ? await explain(error) : error;
    }
  }

  function setting(name: string): string {
    const found = settings?.get(name) ?? provider.settings?.find((one) => one.name === name)?.default;
    if (found === undefined) throw new Error(`${provider.name} has no setting ${name}.`);
    return found;
  }

  return { origin, send, setting, memo: (key, load) => definitions.get(`${scope.connectionId} ${key}`, load) };
}

/** Joins origin, path and query. */
export function upstreamRequest(origin: string, { path, query, ...request }: AdapterRequest) {
  // Joined as text: resolved against the origin, a path of two slashes would name another host.
  const url = new URL(`${origin}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const part of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(part));
  }
  return { ...request, url: url.href };
}
