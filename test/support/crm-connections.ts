import { setImmediate as turn } from "node:timers/promises";
import { DefinitionCache } from "../../src/connections/calls/definition-cache.js";
import { readConfig } from "../../src/config.js";
import { callTarget, type CallTarget } from "../../src/connections/calls/call-target.js";
import { connectionBound, type Operation } from "../../src/connections/calls/operation.js";
import { Origins } from "../../src/connections/calls/origins.js";
import { UpstreamAccess, type OAuthClient } from "../../src/connections/calls/upstream-access.js";
import { CredentialStore } from "../../src/connections/credentials/credential-store.js";
import { InFlight } from "../../src/connections/credentials/in-flight.js";
import { refreshAtProvider } from "../../src/connections/credentials/provider-refresh.js";
import { Renewal } from "../../src/connections/credentials/renewal.js";
import { openConnection, type ConnectionParts } from "../../src/connections/lifecycle/open-connection.js";
import type {
  CredentialExchange,
  Credentials,
  Provider,
  ProviderContext,
} from "../../src/providers/contract/contract.js";
import type { OAuthExchange } from "../../src/providers/contract/oauth.js";
import { ProviderRegistry } from "../../src/providers/registry.js";
import type { SandboxFault } from "../../src/sandbox/kit/crm.js";
import type { Environment } from "../../src/store/schema.js";
import { systemClock } from "../../src/upstream/clock.js";
import type { UpstreamCall } from "../../src/upstream/request.js";
import { TRANSPORT_DEFAULTS } from "../../src/upstream/transport.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { ConnectionRows } from "./connection-rows.js";

/** Milliseconds that a caller waits: longer than a whole file of tests takes on a busy machine. */
const DEADLINE_MS = 3_600_000;
/** Milliseconds that one request may take: longer than any answer takes on a busy machine. */
export const REQUEST_TIMEOUT_MS = 600_000;

export interface CrmConnectionsOptions {
  provider: Provider;
  /** The sandbox of the provider, or what stands before a real CRM. */
  origin: string;
  /** "live" if a real CRM is behind the origin: pauses and time-outs are real, and limits are kept. Default: "test". */
  environment?: Environment;
  /** Null if the provider has no OAuth. */
  oauthClient?: OAuthClient | null;
  /** Milliseconds that one request may take; default: REQUEST_TIMEOUT_MS. */
  timeoutMs?: number;
  onCall?: (call: UpstreamCall) => void;
}

/** The settings of a provider in the environment, read as the server reads them. */
function settingsOf(provider: Provider): ConnectionParts["settings"] {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith(`CRMESH_${provider.slug.toUpperCase()}_`));
  return readConfig(Object.fromEntries(own), new ProviderRegistry([provider])).providerSettings;
}

export interface FaultOptions {
  /** The fault that the sandbox shows in every call. */
  fault?: SandboxFault | undefined;
  /** The fault that the sandbox shows once it has answered a call, so at the token endpoint after a refused call. */
  laterFault?: SandboxFault | undefined;
}

export interface CrmConnection {
  /** What an adapter gets. */
  context: ProviderContext;
  /** What `verify` of a provider gets. */
  exchange: CredentialExchange;
  /** A fresh credential in place of this one; null if there is nothing to renew it with. */
  renew(credentials: Credentials): Promise<Credentials | null>;
  /** The credential in use now. */
  credentials(): Promise<Credentials>;
  /** Every call of this connection so far. */
  calls: UpstreamCall[];
}

/** CRM connections to one sandbox CRM or real CRM. The code of production opens them, calls through them and renews their credentials. */
export class CrmConnections {
  readonly client: UpstreamClient;
  readonly #options: CrmConnectionsOptions;
  readonly #rows = new ConnectionRows();
  readonly #parts: ConnectionParts;
  readonly #credentials: CredentialStore;

  constructor(options: CrmConnectionsOptions) {
    const { provider, origin, environment = "test", oauthClient = null } = options;
    const isLive = environment === "live";
    const { timeoutMs = isLive ? TRANSPORT_DEFAULTS.timeoutMs : REQUEST_TIMEOUT_MS } = options;
    // Pauses between attempts end at once, unless a real CRM asks for them.
    const clock = isLive ? systemClock : { ...systemClock, sleep: () => turn() };
    const inFlight = new InFlight();
    this.#options = options;
    this.client = new UpstreamClient({ clock, transport: { timeoutMs } });
    const access = new UpstreamAccess({
      client: this.client,
      origins: new Origins({
        sandbox: new Map([[provider.slug, origin]]),
        sandboxPages: () => origin,
        overrides: new Map([[provider.slug, origin]]),
        allowPrivateHosts: false,
      }),
      oauthClients: () => oauthClient,
      clock,
    });
    const store = this.#rows;
    const directory = { forget: () => undefined };
    this.#credentials = new CredentialStore({ store, vault: PLAIN_TEXT, directory });
    this.#parts = {
      access,
      renewal: new Renewal({
        store,
        registry: new ProviderRegistry([provider]),
        directory,
        access,
        credentials: this.#credentials,
        inFlight,
        clock,
        onBackgroundError: fail,
      }),
      definitions: new DefinitionCache(clock),
      inFlight,
      // Operators set the pace of a server of their own in the environment.
      settings: isLive ? settingsOf(provider) : new Map(),
      reconnectUrl: async () => "https://crmesh.example/connect/reconnect",
    };
  }

  /** Opens a new connection with a credential. It has its own circuit, pace and definitions. */
  connect(credentials: Credentials, faults: FaultOptions = {}): CrmConnection {
    const { provider, environment } = this.#options;
    const parts = this.#parts;
    const calls: UpstreamCall[] = [];
    const operation = this.#operation(calls, faults);
    const connection = this.#rows.add(provider.slug, JSON.stringify(credentials), environment);
    const target = callTarget(connection, provider);
    const bound = connectionBound(operation, DEADLINE_MS, systemClock);
    return {
      context: openConnection(parts, { connection, provider, credentials }, operation, { bound }).context,
      exchange: parts.access.api(target, credentials, operation, bound).exchange,
      renew: async (current) =>
        (await refreshAtProvider(parts.access, target, current, operation))?.credentials ?? null,
      credentials: async () => (await this.#credentials.read(connection)).value,
      calls,
    };
  }

  /** The authorization server of the provider, as Connect reaches it before there is a connection. */
  oauth(): OAuthExchange {
    const target: CallTarget = {
      workspaceId: "workspace-0",
      environment: this.#options.environment ?? "test",
      provider: this.#options.provider,
      endUserId: "end-user-0",
      connectionId: null,
    };
    return this.#parts.access.oauth(target, undefined, this.#operation([], {}));
  }

  async close(): Promise<void> {
    await this.#parts.definitions.close();
    await this.#parts.inFlight.settled();
    await this.#parts.renewal.close();
    this.client.close();
  }

  #operation(calls: UpstreamCall[], { fault, laterFault }: FaultOptions): Operation {
    const { slug } = this.#options.provider;
    const sandboxFaults = new Map<string, string>(fault ? [[slug, fault]] : []);
    return {
      deadline: systemClock.monotonic() + DEADLINE_MS,
      signal: new AbortController().signal,
      sandboxFaults,
      onCall: (call) => {
        calls.push(call);
        this.#options.onCall?.(call);
        if (laterFault) sandboxFaults.set(slug, laterFault);
      },
      actor: { kind: "CRMESH" },
      requestId: "request-1",
      mayReconnect: true,
    };
  }
}

/** Stores credentials as they are: encryption is tested where it belongs. */
const PLAIN_TEXT = {
  encrypt: async (_connectionId: string, credentials: object) => JSON.stringify(credentials),
  decrypt: async (_connectionId: string, text: string) => JSON.parse(text) as unknown,
};

function fail(error: unknown): never {
  throw error;
}
