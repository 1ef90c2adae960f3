import { inspect } from "node:util";
import { CrmError } from "../../../src/errors/crm-error.js";
import type { Credentials } from "../../../src/providers/contract/contract.js";
import type { ResourceName } from "../../../src/providers/contract/model.js";
import type { OAuthExchange } from "../../../src/providers/contract/oauth.js";
import type { SandboxServerOptions } from "../../../src/sandbox/kit/server.js";
import type { UpstreamCall } from "../../../src/upstream/request.js";
import type { ContractSubject, Fresh, NativeClient, World } from "../subject.js";
import {
  CrmConnections,
  REQUEST_TIMEOUT_MS,
  type CrmConnection,
  type FaultOptions,
} from "../../support/crm-connections.js";
import { noteCreates, type AnyRecord } from "./adapter.js";
import { startSandboxCrm } from "./sandbox-crm.js";
import type { Need, StageCrm } from "./stage-crm.js";
import { startRecordingProxy, type Exchange, type RecordedRequest, type WireAnswer } from "./recording-proxy.js";

/** An account that no case writes to: it has exactly the seeded records. */
export const READ_ACCOUNT = "pristine";
export const WRITE_ACCOUNT = "written";

export interface ConnectOptions extends FaultOptions {
  account?: string;
  credentials?: Credentials;
}

/** A CRM behind a recording proxy, with the adapter's connections to it and the CRM's own client. */
export interface Stage {
  readonly origin: string;
  /** Null if the CRM has it. Otherwise the reason why cases that need it do not run. */
  supports(need: Need): string | null;
  connect(options?: ConnectOptions): CrmConnection;
  /** The credential with which an account is connected. */
  credentials(account: string): Credentials;
  /** The provider's authorization server. */
  oauth(): OAuthExchange;
  /** Verifies the credential of an account and keeps the verified credential, as `createConnection` does. */
  verify(account: string): Promise<void>;
  native(account: string): Promise<NativeClient>;
  /** The records of an account that no case changes, as the CRM's own client reads them. */
  makeWorld(account: string): Promise<World>;
  fresh(): Promise<Fresh>;
  /** The records of a listing that count: all of a sandbox account, those that the run made of a real one. */
  counting(resource: ResourceName, records: readonly AnyRecord[]): AnyRecord[];
  /** The requests that the proxy recorded during `run`. */
  recorded(run: () => Promise<unknown>): Promise<RecordedRequest[]>;
  /** Runs while the CRM answers 500 to the requests for which `fails` says true. */
  failing<Result>(fails: (request: RecordedRequest) => boolean, run: () => Promise<Result>): Promise<Result>;
  /** The requests of `run` that the CRM answered, with its answers, in the order of the answers. */
  exchanged(run: () => Promise<unknown>): Promise<Exchange[]>;
  /** Runs while the proxy itself answers the requests for which `answer` has an answer. */
  answering<Result>(
    answer: (request: RecordedRequest) => WireAnswer | null,
    run: () => Promise<Result>,
  ): Promise<Result>;
  /** The CrmError that the promise fails with. */
  failure(promise: Promise<unknown>): Promise<CrmError>;
  /** Every answer is changed on its way meanwhile. */
  changing<Result>(change: (text: string) => string, run: () => Promise<Result>): Promise<Result>;
  /**
   * As `failure`, of calls whose answers are held back. The CRM does its work, and then the time-out of the call passes.
   */
  silence(run: () => Promise<unknown>): Promise<CrmError>;
  /** The path of every request so far, without its query. */
  paths(): string[];
  /** Every URL, call record and error so far, none of which may contain a secret. */
  utterances(): string[];
  /** The secrets of all credentials so far. */
  secrets(): string[];
  close(): Promise<void>;
}

/** Starts the sandbox CRM and verifies the credentials of the two accounts that the suite uses. */
export async function openStage(subject: ContractSubject, sandbox: SandboxServerOptions = {}): Promise<Stage> {
  const stage = await stageBefore(await startSandboxCrm(subject, sandbox), subject);
  for (const account of [READ_ACCOUNT, WRITE_ACCOUNT]) await stage.verify(account);
  await subject.prepare?.(await stage.native(READ_ACCOUNT));
  return stage;
}

/** Puts a recording proxy before a CRM. Closing the stage closes the CRM. */
export async function stageBefore(crm: StageCrm, { provider }: ContractSubject): Promise<Stage> {
  const verified = new Map<string, Credentials>();
  const proxy = await startRecordingProxy(crm.target);
  const natives = new Map<string, Promise<NativeClient>>();
  const errors: CrmError[] = [];
  const calls: UpstreamCall[] = [];
  const { oauthClient, environment } = crm;
  const secrets = new Set<string>(oauthClient ? [oauthClient.secret] : []);
  const connections = new CrmConnections({
    provider,
    origin: proxy.origin,
    environment,
    oauthClient,
    onCall: (call) => calls.push(call),
  });

  function remember(credentials: Credentials): void {
    for (const [name, value] of Object.entries(credentials)) if (/token|key|password/i.test(name)) secrets.add(value);
  }

  const given = (account: string) => crm.credentials(account, proxy.origin);

  function connect({ account = READ_ACCOUNT, credentials, ...faults }: ConnectOptions = {}): CrmConnection {
    const value = credentials ?? verified.get(account) ?? given(account);
    remember(value);
    const connection = connections.connect(value, faults);
    noteCreates(connection.context, (resource, id) => crm.noteMade(resource, id));
    return connection;
  }

  function native(account: string): Promise<NativeClient> {
    let found = natives.get(account);
    if (!found) natives.set(account, (found = crm.connectNative(account)));
    return found;
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
    supports: (need) => crm.supports(need),
    connect,
    credentials: given,
    oauth: () => connections.oauth(),
    async verify(account) {
      const connection = connect({ account });
      const { credentials } = await provider.verify(connection.exchange, await connection.credentials());
      verified.set(account, credentials);
    },
    native,
    makeWorld: async (account) => crm.makeWorld(await native(account), proxy.origin),
    counting: (resource, records) => crm.counting(resource, records),
    fresh: async () => crm.makeFresh(await native(WRITE_ACCOUNT)),
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
    async exchanged(run) {
      const exchanges: Exchange[] = [];
      proxy.onExchange = (exchange) => exchanges.push(exchange);
      try {
        await run();
      } finally {
        proxy.onExchange = null;
      }
      return exchanges;
    },
    async answering(answer, run) {
      proxy.answers = answer;
      try {
        return await run();
      } finally {
        proxy.answers = () => null;
      }
    },
    failure,
    async changing(change, run) {
      proxy.change = change;
      try {
        return await run();
      } finally {
        proxy.change = null;
      }
    },
    async silence(run) {
      // Only tests have timers that can be moved; the stage has other users as well.
      const { passTimeouts } = await import("../../support/time-outs.js");
      return passTimeouts(REQUEST_TIMEOUT_MS, async (pass) => {
        proxy.silence(pass);
        try {
          return await failure(run());
        } finally {
          proxy.silence(null);
        }
      });
    },
    paths: () => proxy.requests.map(({ url }) => url.split("?")[0]!),
    utterances: () => [
      ...proxy.requests.map(({ url }) => url),
      ...calls.map((call) => JSON.stringify(call)),
      ...errors.flatMap((error) => [String(error), JSON.stringify(error), inspect(error, { depth: 10 })]),
    ],
    secrets: () => [...secrets],
    async close() {
      await connections.close();
      await proxy.close();
      await crm.close();
    },
  };
}
