import { CrmError } from "../../errors/crm-error.js";
import type { AdapterRequest, Credentials, Provider, ProviderContext } from "../../providers/contract/contract.js";
import type { Part } from "../../observability/telemetry/tracing.js";
import type { CallBound } from "../../upstream/call-bound.js";
import type { CallOptions, UpstreamResponse } from "../../upstream/request.js";
import type { UpstreamClient } from "../../upstream/upstream-client.js";
import type { CallBudget } from "./call-budget.js";
import type { DefinitionCache } from "./definition-cache.js";

/** A credential that can be renewed. Its version distinguishes a renewed credential from the refused one. */
export interface CredentialSource {
  /** The current credential, if no read and no renewal is needed for it. */
  atHand(): VersionedCredentials | null;
  current(): Promise<VersionedCredentials>;
  /**
   * Returns a newer credential than the refused version; null if it cannot be renewed.
   * @throws CrmError NEEDS_REAUTH if the CRM refuses to renew it
   */
  renew(refused: number): Promise<VersionedCredentials | null>;
}

export interface VersionedCredentials {
  version: number;
  /** @see ConnectionRecord.accountGeneration */
  accountGeneration: number;
  value: Credentials;
}

export interface ProviderContextOptions {
  provider: Provider;
  client: UpstreamClient;
  credentials: CredentialSource;
  origin: string;
  /** @see ProviderContext.pages */
  pages?: string | undefined;
  call: CallOptions;
  /** Limits the number of calls. Absent if nothing limits it. */
  budget?: CallBudget | undefined;
  definitions: DefinitionCache;
  /** The operator's values of the provider's settings, by name. Others have their default. */
  settings?: ReadonlyMap<string, string> | undefined;
  /** The span that the calls belong to. Absent without traces. */
  part?: Part | undefined;
  /** Adds facts about the connection to an error. */
  explain: (error: CrmError) => Promise<CrmError>;
  /** Definitions that were read under an injected fault. They are not shared with other operations. */
  ownDefinitions?: Map<string, Promise<unknown>>;
}

/** A connection that one operation has opened. */
export interface OpenedConnection {
  /** For the adapter. */
  context: ProviderContext;
  /**
   * Runs one create, update or delete of the adapter. After its first write request, neither time nor a disconnect ends
   * it, and shutdown waits for it.
   */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Creates the context of an adapter. It adds origin and credential to every request, and renews a refused credential
 * once. Every wait ends with the bound of `call`, and every call except those that load definitions is one of the budget.
 */
export function createProviderContext(options: ProviderContextOptions): ProviderContext {
  const { provider, client, credentials, origin, pages, call, budget, definitions, settings, explain, part } = options;
  const { ownDefinitions: own = new Map<string, Promise<unknown>>() } = options;
  const { bound } = call;
  const traits = provider.rateRules
    ? { ...provider.traits, rateRules: [...provider.traits.rateRules, ...provider.rateRules(setting)] }
    : provider.traits;
  const sendWith = (request: AdapterRequest, { value }: VersionedCredentials) =>
    client.send(upstreamRequest(origin, provider.authorize(request, value)), call, traits);

  async function sendRenewing(request: AdapterRequest): Promise<UpstreamResponse> {
    const credential = credentials.atHand() ?? (await bound.wait(() => credentials.current()));
    try {
      return await sendWith(request, credential);
    } catch (error) {
      if (!(error instanceof CrmError) || !error.credentialRefused) throw error;
      const renewed = await bound.wait(() => credentials.renew(credential.version));
      if (!renewed) throw error;
      return await sendWith(request, renewed);
    }
  }

  const within = <Result>(work: () => Promise<Result>) => (part ? part.run(work) : work());

  async function send(request: AdapterRequest): Promise<UpstreamResponse> {
    // A write that has begun is finished: stopped between its requests, it would be half done.
    const counted = bound.hasBegunWrite ? undefined : budget;
    let isCounted = false;
    try {
      counted?.take();
      isCounted = true;
      return await within(() => sendRenewing(request));
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (isCounted && isRefusal(error)) counted?.giveBack();
      throw await explain(error);
    }
  }

  function setting(name: string): string {
    const found = settings?.get(name) ?? provider.settings?.find((one) => one.name === name)?.default;
    if (found === undefined) throw new Error(`${provider.name} has no setting ${name}.`);
    return found;
  }

  function load<Value>(name: string, read: (context: ProviderContext) => Promise<Value>): Promise<Value> {
    // The key of the account, not of the connection: after a reconnect to another account, nothing of the old one is used.
    const key = `${call.paceKey} ${name}`;
    if (call.remember) {
      // Other operations may wait for this load, after its caller has left. Each explains a failure to its own caller, who
      // may not be the one to get a link.
      const unexplained = (error: CrmError) => Promise.resolve(error);
      const contextOf = (ofLoad: CallBound) =>
        createProviderContext({
          ...options,
          call: { ...call, bound: ofLoad },
          budget: undefined,
          explain: unexplained,
        });
      return definitions.get(key, (ofLoad) => read(contextOf(ofLoad)));
    }
    const kept = definitions.peek<Value>(key) ?? (own.get(key) as Promise<Value> | undefined);
    if (kept) return kept;
    const loading = read(createProviderContext({ ...options, budget: undefined, ownDefinitions: own }));
    own.set(key, loading);
    loading.catch(() => own.delete(key));
    return loading;
  }

  async function memo<Value>(name: string, read: (context: ProviderContext) => Promise<Value>): Promise<Value> {
    try {
      return await within(() => bound.wait(() => load(name, read)));
    } catch (error) {
      throw error instanceof CrmError ? await explain(error) : error;
    }
  }

  function forget(name: string): void {
    definitions.forget(`${call.paceKey} ${name}`);
    own.delete(`${call.paceKey} ${name}`);
  }

  const context: ProviderContext = { origin, pages, send, setting, memo, forget };
  return context;
}

/** Codes of refusals that some CRMs answer with the status 200. */
const REFUSALS: ReadonlySet<string> = new Set(["INVALID_INPUT", "PROVIDER_AUTH_FAILED"]);

/** Whether the CRM refused the request itself. A rate limit refuses its moment only. */
export function isRefusal({ code, details }: CrmError): boolean {
  const status = details.upstream?.status ?? 0;
  if (code === "PROVIDER_RATE_LIMITED") return false;
  return REFUSALS.has(code) || details.isFinal === true || (status >= 400 && status < 500);
}

/** Joins origin, path and query, as text: `new URL(path, origin)` would read a path of two slashes as another host. */
export function upstreamRequest(origin: string, { path, query, ...request }: AdapterRequest) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    for (const part of Array.isArray(value) ? value : [value]) params.append(name, String(part));
  }
  const separator = params.size === 0 ? "" : path.includes("?") ? "&" : "?";
  return { ...request, url: `${origin}${path}${separator}${params.toString()}` };
}
