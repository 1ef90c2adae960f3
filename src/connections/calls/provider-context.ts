import { CrmError } from "../../errors/crm-error.js";
import type { AdapterRequest, Credentials, Provider, ProviderContext } from "../../providers/contract/contract.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { CallScope, UpstreamResponse } from "../../upstream/request.js";
import type { UpstreamClient } from "../../upstream/upstream-client.js";
import type { DefinitionCache } from "./definition-cache.js";

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

/** A connection as one operation uses it. */
export interface OpenedConnection {
  /** What its adapter works with. */
  context: ProviderContext;
  /**
   * Runs one create, update or delete of the adapter. Once its first write was handed to the transport, nothing ends it:
   * neither time nor the caller's leaving, and a stop of the server waits for it.
   */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Gives an adapter its connection: every request gets origin and credential, and a refused credential is renewed once.
 * Nothing that it waits for takes longer than the bound of its scope.
 */
export function createProviderContext(options: ProviderContextOptions): ProviderContext {
  const { provider, client, credentials, origin, scope, definitions, settings, explain } = options;
  const { bound } = scope;
  const sendWith = (request: AdapterRequest, { value }: VersionedCredentials) =>
    client.send(upstreamRequest(origin, provider.authorize(request, value)), scope, provider.traits);

  async function sendRenewing(request: AdapterRequest): Promise<UpstreamResponse> {
    const credential = await bound.wait(() => credentials.current());
    try {
      return await sendWith(request, credential);
    } catch (error) {
      if (!(error instanceof CrmError) || !error.credentialRefused) throw error;
      const renewed = await bound.wait(() => credentials.renew(credential.version));
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

  /** Definitions that were read under an injected fault; they are nobody else's. */
  const own = new Map<string, Promise<unknown>>();

  function load<Value>(name: string, read: (context: ProviderContext) => Promise<Value>): Promise<Value> {
    const key = `${scope.connectionId} ${name}`;
    if (scope.remember) {
      // Other operations may wait for this load, after its caller has left. Each explains a failure to its own caller, who
      // may not be the one to get a link.
      const unexplained = (error: CrmError) => Promise.resolve(error);
      const within = (ofLoad: CallBound) =>
        createProviderContext({ ...options, scope: { ...scope, bound: ofLoad }, explain: unexplained });
      return definitions.get(key, (ofLoad) => read(within(ofLoad)));
    }
    const kept = definitions.peek<Value>(key) ?? (own.get(key) as Promise<Value> | undefined);
    if (kept) return kept;
    const loading = read(context);
    own.set(key, loading);
    loading.catch(() => own.delete(key));
    return loading;
  }

  async function memo<Value>(name: string, read: (context: ProviderContext) => Promise<Value>): Promise<Value> {
    try {
      return await bound.wait(() => load(name, read));
    } catch (error) {
      throw error instanceof CrmError ? await explain(error) : error;
    }
  }

  const context: ProviderContext = { origin, send, setting, memo };
  return context;
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
