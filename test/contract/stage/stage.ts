import { inspect } from "node:util";
import { DefinitionCache } from "../../../src/connections/calls/definition-cache.js";
import { createProviderContext, upstreamRequest } from "../../../src/connections/calls/provider-context.js";
import { oauthExchangeAt, renewCredentials, unexplained } from "../../support/renewal.js";
import type { CredentialSource, VersionedCredentials } from "../../../src/connections/calls/provider-context.js";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { CredentialExchange, Credentials, ProviderContext } from "../../../src/providers/contract/contract.js";
import { RESOURCES, type ResourceName } from "../../../src/providers/contract/model.js";
import type { SandboxFault } from "../../../src/sandbox/kit/crm.js";
import { startSandboxServer, type SandboxServerOptions } from "../../../src/sandbox/kit/server.js";
import { CallBound } from "../../../src/upstream/call-bound.js";
import { systemClock } from "../../../src/upstream/clock.js";
import type { CallOptions, UpstreamCall } from "../../../src/upstream/request.js";
import { UpstreamClient } from "../../../src/upstream/upstream-client.js";
import type { ContractSubject, Fresh, NativeClient, World } from "../subject.js";
import { passTimeouts } from "../../support/time-outs.js";
import { SILENCE, startRecordingProxy, type RecordedRequest } from "./recording-proxy.js";

/** Nobody writes to this account: it holds what its seed says. */
export const READ_ACCOUNT = "pristine";
export const WRITE_ACCOUNT = "written";

/** The caller's patience: longer than a whole file of tests takes on a busy machine, as one connection serves many of them. */
const DEADLINE_MS = 3_600_000;
const TIMEOUT_MS = 600_000;

export interface ConnectOptions {
  account?: string;
  fault?: SandboxFault;
  /** The fault of the token endpoint, where it differs. */
  exchangeFault?: SandboxFault;
  credentials?: Record<string, string>;
  /** What the CRM said of its definitions to an earlier connection. */
  definitions?: DefinitionCache;
  /** What is asked is done, but never answered; its time-outs pass within `Stage.silence`. */
  silent?: boolean;
}

export interface Connection {
  context: ProviderContext;
  exchange: CredentialExchange;
  /** A fresh credential in place of this one; null when there is nothing to renew it with. */
  renew(credentials: Credentials): Promise<Credentials | null>;
  /** The credentials in use now. */
  credentials(): Promise<Readonly<Record<string, string>>>;
  /** What the connection's calls looked like from inside. */
  calls: UpstreamCall[];
}

/** One imitated CRM with a recorder before it, and everything needed to talk to it both ways. */
export interface Stage {
  readonly origin: string;
  connect(options?: ConnectOptions): Connection;
  /** Proves an account's credential and keeps what that adds to it, as creating a connection does. */
  verify(account: string): Promise<void>;
  native(account: string): Promise<NativeClient>;
  /** What the CRM's own client says of an account. */
  world(account: string): Promise<World>;
  fresh(): Promise<Fresh>;
  /** The requests that went over the wire meanwhile. */
  recorded(run: () => Promise<unknown>): Promise<RecordedRequest[]>;
  /** Runs while the CRM answers 500 to the requests for which `fails` says true. */
  failing<Result>(fails: (request: RecordedRequest) => boolean, run: () => Promise<Result>): Promise<Result>;
  /** The CrmError that the promise fails with. */
  failure(promise: Promise<unknown>): Promise<CrmError>;
  /** As `failure`, of calls through a silent connection: their time-outs pass as soon as the CRM has done its work. */
  silence(run: () => Promise<unknown>): Promise<CrmError>;
  /** Everything that crmesh said about its calls so far, in which no secret may stand. */
  utterances(): string[];
  /** Secrets that were in use. */
  secrets(): string[];
  close(): Promise<void>;
}

/** Opens the sandbox; the accounts of the suite are connected as a customer would connect them. */
export async function openStage(subject: ContractSubject, sandbox: SandboxServerOptions = {}): Promise<Stage> {
  const stage = await openBareStage(subject, sandbox);
  for (const account of [READ_ACCOUNT, WRITE_ACCOUNT]) await stage.verify(account);
  await subject.prepare?.(await stage.native(READ_ACCOUNT));
  return stage;
}

async function openBareStage(subject: ContractSubject, options: SandboxServerOptions): Promise<Stage> {
  const { provider, sandbox } = subject;
  const verified = new Map<string, Readonly<Record<string, string>>>();
  const server = await startSandboxServer(sandbox, { slowMs: 50, ...options });
  const proxy = await startRecordingProxy(server.origin);
  const natives = new Map<string, Promise<NativeClient>>();
  // Time passes, but nobody waits for it.
  const clock = { ...systemClock, sleep: async () => undefined };
  const client = new UpstreamClient({ clock, transport: { timeoutMs: TIMEOUT_MS } });
  const errors: CrmError[] = [];
  const calls: UpstreamCall[] = [];
  const secrets = new Set<string>(subject.oauthClient ? [subject.oauthClient.secret] : []);
  let connections = 0;
  let words = 0;

  function remember(credentials: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(credentials)) if (/token|key|password/i.test(name)) secrets.add(value);
  }

  function connect(options: ConnectOptions = {}): Connection {
    const { account = READ_ACCOUNT, fault, definitions = new DefinitionCache(), silent = false } = options;
    const value =
      options.credentials ?? verified.get(account) ?? sandbox.credentials(account, proxy.origin, Date.now());
    remember(value);
    const own: UpstreamCall[] = [];
    const connectionId = `connection-${(connections += 1)}`;
    const scopeWith = (spoken: SandboxFault | undefined): CallOptions => ({
      provider: provider.slug,
      // Definitions are kept by connection: a second one of the same account shares them.
      connectionId: options.definitions ? account : connectionId,
      circuitKey: connectionId,
      paceKey: connectionId,
      bound: new CallBound({ deadline: Date.now() + DEADLINE_MS }),
      headers: {
        ...(spoken ? { "x-sandbox-fault": spoken } : {}),
        ...(silent ? { [SILENCE]: "yes" } : {}),
      },
      remember: spoken === undefined,
      paced: false,
      allowPrivateHosts: true,
      onCall: (call) => (own.push(call), calls.push(call)),
    });
    const exchange: CredentialExchange = {
      origin: provider.origin(value, proxy.origin),
      send: (request) =>
        client.send(
          upstreamRequest(provider.origin(value, proxy.origin), request),
          scopeWith(options.exchangeFault ?? fault),
          provider.traits,
        ),
      now: () => Date.now(),
    };
    const renew = (current: Credentials) =>
      renewCredentials(
        provider,
        exchange,
        () =>
          oauthExchangeAt(provider, {
            origin: proxy.origin,
            client,
            scope: scopeWith(options.exchangeFault ?? fault),
            oauthClient: subject.oauthClient!,
          }),
        current,
      );
    const credentials = credentialSource(value, async (current) => {
      const renewed = await renew(current);
      if (renewed) remember(renewed);
      return renewed;
    });
    const context = createProviderContext({
      provider,
      client,
      credentials,
      origin: exchange.origin,
      call: scopeWith(fault),
      definitions,
      explain: unexplained,
    });
    return { context, exchange, renew, calls: own, credentials: async () => (await credentials.current()).value };
  }

  function native(account: string): Promise<NativeClient> {
    let found = natives.get(account);
    // Straight to the sandbox, so that the recorder sees the adapter alone.
    if (!found) natives.set(account, (found = subject.openNative(server.origin, account)));
    return found;
  }

  async function world(account: string): Promise<World> {
    const own = await native(account);
    const records: Partial<Record<ResourceName, World["records"][ResourceName]>> = {};
    const unlisted: Partial<Record<ResourceName, World["unlisted"][ResourceName]>> = {};
    const links: Partial<Record<ResourceName, Record<string, ReadonlyMap<string, readonly string[]>>>> = {};
    for (const resource of RESOURCES) {
      const known = subject.resources[resource];
      records[resource] = known ? await own.all(resource) : new Map();
      unlisted[resource] = known ? await own.unlisted(resource) : new Map();
      const edges: Record<string, ReadonlyMap<string, readonly string[]>> = {};
      for (const edge of known?.edges ?? []) edges[edge] = await own.linked(resource, edge);
      links[resource] = edges;
    }
    return {
      records: records as World["records"],
      unlisted: unlisted as World["unlisted"],
      links: links as World["links"],
      owners: await own.owners(),
      origin: proxy.origin,
    };
  }

  async function failure(promise: Promise<unknown>): Promise<CrmError> {
    const error = await promise.then(
      () => new Error("The call was expected to fail."),
      (reason: unknown) => reason,
    );
    if (!(error instanceof CrmError)) throw error;
    errors.push(error);
    return error;
  }

  return {
    origin: proxy.origin,
    connect,
    async verify(account) {
      const connection = connect({ account });
      const { credentials } = await provider.verify(connection.exchange, await connection.credentials());
      verified.set(account, credentials);
    },
    native,
    world,
    async fresh() {
      const own = await native(WRITE_ACCOUNT);
      const active = [...(await own.owners()).keys()];
      return {
        unique: () => `u${(words += 1)}x${connections}`,
        contacts: [...(await own.all("contact")).keys()].slice(0, 6),
        leads: subject.resources.lead ? [...(await own.all("lead")).keys()].slice(0, 6) : [],
        companies: await own.companies(),
        owners: active,
      };
    },
    async recorded(run) {
      const before = proxy.requests.length;
      await run();
      return proxy.requests.slice(before);
    },
    async failing(fails, run) {
      proxy.fails = fails;
      try {
        return await run();
      } finally {
        proxy.fails = () => false;
      }
    },
    failure,
    silence: (run) =>
      passTimeouts(TIMEOUT_MS, async (pass) => {
        proxy.onSilence = pass;
        return failure(run());
      }),
    utterances: () => [
      ...proxy.requests.map(({ url }) => url),
      ...calls.map((call) => JSON.stringify(call)),
      ...errors.flatMap((error) => [String(error), JSON.stringify(error), inspect(error, { depth: 10 })]),
    ],
    secrets: () => [...secrets],
    async close() {
      client.close();
      await proxy.close();
      await server.close();
    },
  };
}

/** Renews once for all who wait, as a real connection does. */
function credentialSource(
  first: Readonly<Record<string, string>>,
  renew: (current: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>> | null>,
): CredentialSource {
  let current: VersionedCredentials = { version: 1, value: first };
  let renewing: Promise<VersionedCredentials | null> | null = null;
  return {
    current: async () => current,
    async renew(refused) {
      if (current.version !== refused) return current;
      renewing ??= renew(current.value)
        .then((value) => value && (current = { version: current.version + 1, value }))
        .finally(() => (renewing = null));
      return renewing;
    },
  };
}
