import { randomBytes } from "node:crypto";
import { SCOPES } from "../../../src/connections/access/principal.js";
import { SANDBOX_OAUTH_CLIENT, startSandbox, type Sandbox } from "../../../src/sandbox/public.js";
import { parseEncryptionKeys } from "../../../src/store/encryption-keys.js";
import { openStore, type Store } from "../../../src/store/open-store.js";
import { Vault } from "../../../src/store/vault.js";
import { createDatabase, type TestDatabase } from "../../postgres/database.js";
import { startGate, type Gate } from "./gate.js";
import { Processes } from "../../support/processes.js";
import { Replica } from "./replica.js";
import { secretsIn } from "./secrets.js";

export type Slug = "hubspot" | "salesforce" | "odoo";

/** Where each CRM is asked for a fresh token. */
export const TOKEN_PATH = { hubspot: "/oauth/2026-09/token", salesforce: "/services/oauth2/token" } as const;

const WORKSPACE = "replicas";

/**
 * What one test file stands on: a database, the sandbox CRMs behind gates, and as many servers as it needs, which
 * reach them as live CRMs. The sandbox rotates refresh tokens and revokes all where one is shown twice.
 */
export class ReplicaGround {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly gates: Readonly<Record<Slug, Gate>>;
  readonly vault: Vault;
  /** A live key with every scope. */
  readonly key: string;
  readonly workspaceId: string;
  readonly processes = new Processes();
  readonly #encryptionKey: string;
  /** Milliseconds that the CRMs' clocks are ahead. */
  #ahead: { ms: number };

  private constructor(parts: {
    database: TestDatabase;
    store: Store;
    sandbox: Sandbox;
    gates: Record<Slug, Gate>;
    encryptionKey: string;
    ahead: { ms: number };
    workspaceId: string;
    key: string;
  }) {
    this.database = parts.database;
    this.store = parts.store;
    this.sandbox = parts.sandbox;
    this.gates = parts.gates;
    this.vault = new Vault(parseEncryptionKeys(parts.encryptionKey));
    this.key = parts.key;
    this.workspaceId = parts.workspaceId;
    this.#encryptionKey = parts.encryptionKey;
    this.#ahead = parts.ahead;
  }

  static async open(): Promise<ReplicaGround> {
    const encryptionKey = `replicas:${randomBytes(32).toString("base64")}`;
    const ahead = { ms: 0 };
    const database = await createDatabase();
    const sandbox = await startSandbox({ rotateRefreshTokens: "on", now: () => Date.now() + ahead.ms });
    const gateOf = (slug: Slug) => startGate(sandbox.origins.get(slug)!);
    const [hubspot, salesforce, odoo] = await Promise.all([gateOf("hubspot"), gateOf("salesforce"), gateOf("odoo")]);
    const store = await openStore({ dataDir: null, databaseUrl: database.url });
    const { id: workspaceId } = await store.workspaces.ensure(WORKSPACE);
    const made = await store.apiKeys.create({ workspaceId, environment: "live", name: "Replicas", scopes: SCOPES });
    const gates = { hubspot, salesforce, odoo };
    return new ReplicaGround({ database, store, sandbox, gates, encryptionKey, ahead, workspaceId, key: made.secret });
  }

  /** What a server of this ground is started with. */
  get environment(): Record<string, string> {
    const { id, secret } = SANDBOX_OAUTH_CLIENT;
    return {
      NODE_ENV: "production",
      // No balancer is there that would have to see that a server goes.
      CRMESH_DRAIN_MS: "0",
      // Longer than the lease of a renewal, so that queries see the end of one whose holder is killed.
      CRMESH_CONNECTION_TIMEOUT_MS: "30000",
      PORT: "0",
      DATABASE_URL: this.database.url,
      CRMESH_ENCRYPTION_KEY: this.#encryptionKey,
      // All that could be logged.
      CRMESH_LOG_LEVEL: "debug",
      CRMESH_RATE_LIMIT: "1000000",
      CRMESH_HUBSPOT_BASE_URL: this.gates.hubspot.origin,
      CRMESH_HUBSPOT_CLIENT_ID: id,
      CRMESH_HUBSPOT_CLIENT_SECRET: secret,
      CRMESH_SALESFORCE_BASE_URL: this.gates.salesforce.origin,
      CRMESH_SALESFORCE_CLIENT_ID: id,
      CRMESH_SALESFORCE_CLIENT_SECRET: secret,
      CRMESH_ODOO_BASE_URL: this.gates.odoo.origin,
    };
  }

  /** Starts servers at the same time, and waits until all are ready. */
  async serve(count: number, environment: Record<string, string> = {}): Promise<Replica[]> {
    const started = Array.from({ length: count }, () => this.launch(["serve"], environment));
    return Promise.all(started.map((process) => Replica.of(process)));
  }

  launch(args: readonly string[], environment: Record<string, string> = {}) {
    return this.processes.start(args, { ...this.environment, ...environment });
  }

  /** The CRMs' clocks go ahead, crmesh's do not: tokens expire that nobody here knows to be old. */
  moveCrmClocks(ms: number): void {
    this.#ahead.ms += ms;
  }

  /** A connection of a new end user. @returns its id */
  async connect(endUser: string, provider: Slug, credentials: Record<string, string>): Promise<string> {
    const { workspaceId } = this;
    const environment = "live";
    const made = await this.store.endUsers.upsert({ workspaceId, environment, externalId: endUser });
    const id = this.store.connections.newId();
    const jwe = await this.vault.encrypt(id, credentials);
    const created = await this.store.connections.create(
      { id, workspaceId, environment, endUserId: made.id, provider, credentials: jwe },
      { type: "CREATED", actor: { kind: "CRMESH" } },
    );
    if (created.outcome !== "CREATED") throw new Error(created.outcome);
    return id;
  }

  /** A connection as it is stored, its credential decrypted. */
  async stored(id: string) {
    const row = await this.store.connections.get(this.workspaceId, "live", id);
    if (!row) throw new Error(`${id} is not there.`);
    const credentials = row.credentials && (await this.vault.decrypt(id, row.credentials));
    return { ...row, credentials: credentials as Record<string, string> };
  }

  /** What happened to a connection, oldest first. */
  async events(id: string): Promise<string[]> {
    const { workspaceId } = this;
    const { endUserId } = await this.stored(id);
    const query = { workspaceId, environment: "live", endUserId, connectionId: id, limit: 1_000 } as const;
    return (await this.store.events.listByEndUser(query)).map(({ type }) => type).reverse();
  }

  /** Requests to a CRM's token endpoint so far, as the CRM answered them; null: it never heard of it. */
  tokenCalls(provider: keyof typeof TOKEN_PATH): (number | null)[] {
    return this.gates[provider].passages
      .filter(({ path }) => path === TOKEN_PATH[provider])
      .map(({ status }) => status);
  }

  /** The secrets that stand in what the servers wrote; there must be none. */
  get leaks(): string[] {
    const own = [this.key, this.#encryptionKey.split(":")[1]!, new URL(this.database.url).password];
    return secretsIn(this.processes.output, [...own, SANDBOX_OAUTH_CLIENT.secret]);
  }

  async close(): Promise<void> {
    await this.processes.end();
    await Promise.all(Object.values(this.gates).map((gate) => gate.close()));
    await this.sandbox.close();
    await this.store.close();
    await this.database.drop();
  }
}

/** The access token of a credential as the sandbox would have given it out long ago. */
export function expiredToken(token: string): string {
  return token.replace(/\d+$/, "1600000000000");
}
