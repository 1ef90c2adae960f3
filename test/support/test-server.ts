import { providers } from "../../src/providers/index.js";
import { readConfig, type Config } from "../../src/config.js";
import { SCOPES } from "../../src/connections/access/principal.js";
import { createLogger } from "../../src/observability/logger.js";
import { startSandbox, type Sandbox } from "../../src/sandbox/public.js";
import { startServer, type CrmeshServer, type ServerOverrides } from "../../src/server.js";
import { parseEncryptionKeys } from "../../src/store/encryption-keys.js";
import type { Store } from "../../src/store/open-store.js";
import type { Environment } from "../../src/store/schema.js";
import { Vault } from "../../src/store/vault.js";
import { openNewStore } from "./data-folder.js";
import { undocumentedIn } from "./documented-extensions.js";

/** All servers of a test file share one store, so they must share its key. */
export const ENCRYPTION_KEY = `test:${Buffer.alloc(32, 7).toString("base64")}`;

export const DEMO_KEY = "sk_test_demo";

export interface ErrorExtensions {
  code: string;
  http: { status: number; headers?: Record<string, string> };
  /** In place of `http`, at `/subgraph`. */
  status?: number;
  resolution?: string;
  origin?: string;
  actor?: string;
  retryable?: boolean;
  retryAfter?: number;
  errors?: Record<string, string>;
  detail?: string;
  provider?: string;
  connectionId?: string;
  requestId?: string;
  traceId?: string;
  existingId?: string;
  outcome?: string;
  id?: string;
  reconnectUrl?: string;
  upstream?: { status?: number; code?: string; requestId?: string };
}

export interface AnsweredError {
  message: string;
  path?: (string | number)[];
  extensions: ErrorExtensions;
}

export interface Call {
  provider: string;
  connectionId: string | null;
  method: string;
  path: string;
  status: number | null;
  attempt: number;
  durationMs: number;
  records: number | null;
}

export interface Answer<Data> {
  status: number;
  headers: Headers;
  text: string;
  body: {
    data?: Data | null;
    errors?: AnsweredError[];
    extensions?: { http?: { status: number }; status?: number; calls?: Call[] };
  };
}

export interface QueryOptions {
  variables?: Record<string, unknown> | undefined;
  headers?: Record<string, string> | undefined;
  /** null sends none. */
  key?: string | null | undefined;
  /** null sends none. */
  endUserId?: string | null | undefined;
  /** For `?provider=`. */
  provider?: string | undefined;
  /** Defaults to `/graphql`. */
  path?: "/graphql" | "/subgraph";
}

export interface ServeOptions extends Omit<ServerOverrides, "logger"> {
  config?: Partial<Config>;
}

/** A running crmesh as a client on the network meets it. */
export class TestServer {
  /** Every line logged so far. */
  readonly logs: string[];
  readonly crmesh: CrmeshServer;
  /** Every answer's text so far, headers included. */
  readonly answers: string[] = [];

  constructor(crmesh: CrmeshServer, logs: string[]) {
    this.crmesh = crmesh;
    this.logs = logs;
  }

  get url(): string {
    return `${this.crmesh.origin}/graphql`;
  }

  async query<Data = Record<string, unknown>>(document: string, options: QueryOptions = {}): Promise<Answer<Data>> {
    const { variables, headers = {}, key = DEMO_KEY, endUserId = "demo", provider, path = "/graphql" } = options;
    const answer = await this.fetch(provider === undefined ? path : `${path}?provider=${provider}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(endUserId === null ? {} : { "x-end-user-id": endUserId }),
        ...headers,
      },
      body: JSON.stringify({ query: document, variables }),
    });
    const body = JSON.parse(answer.text) as Answer<Data>["body"];
    if (path === "/graphql") assertDocumented(body.errors);
    return { ...answer, body };
  }

  /** The data of an answer that must not hold errors. */
  async data<Data>(document: string, options: QueryOptions = {}): Promise<Data> {
    const { body } = await this.query<Data>(document, options);
    if (body.errors) throw new Error(`The answer has errors: ${JSON.stringify(body.errors, null, 1)}`);
    return body.data!;
  }

  /** The upstream calls that an operation caused, with its data. */
  async traced<Data>(document: string, options: QueryOptions = {}): Promise<{ data: Data; calls: Call[] }> {
    const headers = { ...options.headers, "x-crmesh-trace": "calls" };
    const { body } = await this.query<Data>(document, { ...options, headers });
    return { data: body.data!, calls: body.extensions!.calls! };
  }

  async fetch(path: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; text: string }> {
    const response = await fetch(`${this.crmesh.origin}${path}`, init);
    const text = await response.text();
    this.answers.push(JSON.stringify([...response.headers]) + text);
    return { status: response.status, headers: response.headers, text };
  }
}

/** Every error that any test provokes must be as docs/errors.md describes it. */
function assertDocumented(errors: readonly AnsweredError[] = []): void {
  for (const { extensions } of errors) {
    const problems = undocumentedIn(extensions, "allowed");
    if (problems.length > 0) throw new Error(`${problems.join("; ")} in ${JSON.stringify(extensions)}`);
  }
}

/** What one test file stands on: a store and a sandbox, which take seconds to start, under as many servers as it needs. */
export class Ground {
  readonly store: Store;
  readonly sandbox: Sandbox;
  /** Every line that its servers have logged so far. */
  readonly logs: string[] = [];
  readonly vault = new Vault(parseEncryptionKeys(ENCRYPTION_KEY));
  readonly #servers: CrmeshServer[] = [];

  private constructor(store: Store, sandbox: Sandbox) {
    this.store = store;
    this.sandbox = sandbox;
  }

  static async open(sandbox: Parameters<typeof startSandbox>[0] = {}): Promise<Ground> {
    const [store, started] = await Promise.all([openNewStore(), startSandbox(sandbox)]);
    return new Ground(store, started);
  }

  async serve({ config, ...overrides }: ServeOptions = {}): Promise<TestServer> {
    const defaults = readConfig({ CRMESH_ENCRYPTION_KEY: ENCRYPTION_KEY, CRMESH_RATE_LIMIT: "100000" }, providers);
    const logs: string[] = [];
    const logger = createLogger("debug", {
      write: (line) => {
        logs.push(line);
        this.logs.push(line);
      },
    });
    const crmesh = await startServer(
      { ...defaults, port: 0, ...config },
      { store: this.store, sandbox: this.sandbox, logger, ...overrides },
    );
    this.#servers.push(crmesh);
    return new TestServer(crmesh, logs);
  }

  /** The secret of a new key. */
  async key(
    options: { workspace?: string; environment?: Environment; scopes?: readonly string[] } = {},
  ): Promise<string> {
    const { workspace = "demo", environment = "test", scopes = SCOPES } = options;
    const { id: workspaceId } = await this.store.workspaces.ensure(workspace);
    return (await this.store.apiKeys.create({ workspaceId, environment, name: "Test", scopes })).secret;
  }

  async endUser(externalId: string, options: { workspace?: string; environment?: Environment } = {}): Promise<string> {
    const { workspace = "demo", environment = "test" } = options;
    const { id: workspaceId } = await this.store.workspaces.ensure(workspace);
    return (await this.store.endUsers.upsert({ workspaceId, environment, externalId })).id;
  }

  /**
   * A connection of an end user, who is made where there is none; its credential is the sandbox's for `account` unless
   * one is given.
   */
  async connect(
    endUser: string,
    provider: string,
    options: {
      workspace?: string;
      environment?: Environment;
      account?: string;
      credentials?: Record<string, string>;
    } = {},
  ): Promise<string> {
    const { workspace = "demo", environment = "test", account = "demo", credentials } = options;
    const { id: workspaceId } = await this.store.workspaces.ensure(workspace);
    const endUserId = await this.endUser(endUser, { workspace, environment });
    const id = this.store.connections.newId();
    const jwe = await this.vault.encrypt(id, credentials ?? this.sandbox.credentials(provider, account));
    const made = await this.store.connections.create(
      { id, workspaceId, environment, endUserId, provider, credentials: jwe },
      { type: "CREATED", actor: { kind: "CRMESH" } },
    );
    if (made.outcome !== "CREATED") throw new Error(made.outcome);
    return id;
  }

  /** An end user connected to all three CRMs; provider slug → connection id. */
  async connectAll(endUser: string, options: Parameters<Ground["connect"]>[2] = {}): Promise<Record<string, string>> {
    const ids: Record<string, string> = {};
    for (const slug of this.sandbox.origins.keys()) ids[slug] = await this.connect(endUser, slug, options);
    return ids;
  }

  async close(): Promise<void> {
    for (const server of this.#servers.splice(0).reverse()) await server.close();
    await this.sandbox.close();
    await this.store.close();
  }
}
