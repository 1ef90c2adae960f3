import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from "fastify";
import type { AuthorizationAttempt } from "../../src/connections/linking/connect-service.js";
import type { ConnectGrant, Redemption } from "../../src/connections/linking/connect-tokens.js";
import { connectRoutes } from "../../src/connect/routes.js";
import type { ConnectPort } from "../../src/connect/options.js";
import { CrmError } from "../../src/errors/crm-error.js";
import { withInputPaths } from "../../src/connections/credentials/credential-input.js";
import { createLogger } from "../../src/observability/logger.js";
import { RequestRecords } from "../../src/observability/request-records.js";
import { providers } from "../../src/providers/index.js";
import type { Provider } from "../../src/providers/contract/contract.js";
import type { ConnectionRecord } from "../../src/store/connections.js";

export const PUBLIC_URL = "https://connect.example";
export const APP = "https://app.example";
export const KEY = new Uint8Array(32).fill(7);

/** What the pages stand on, without CRMs and a store: what a test puts in is what happens. */
export class PlayedConnect implements ConnectPort {
  grant: ConnectGrant = {
    tokenId: "1",
    workspaceId: "ws_1",
    environment: "test",
    endUserId: "eu_1",
    provider: null,
    connectionId: null,
    redirectUrl: null,
  };
  readonly spent = new Set<string>();
  readonly expired = new Set<string>();
  held: ConnectionRecord[] = [];
  offered: readonly Provider[] = providers.all;
  /** Slug → the values that its sandbox CRM accepts. */
  sandboxCredentials: Record<string, Record<string, string>> = {};
  /** Thrown by the next call that changes something. */
  failure: Error | null = null;
  readonly submitted: Record<string, unknown>[] = [];

  async redeem(token: string, admit: (grant: ConnectGrant) => Promise<void>): Promise<Redemption> {
    if (!token.startsWith("ct_")) return { outcome: "INVALID" };
    if (this.expired.has(token)) return { outcome: "EXPIRED" };
    await admit(this.grant);
    if (this.spent.has(token)) return { outcome: "SPENT" };
    this.spent.add(token);
    return { outcome: "OK", grant: this.grant };
  }

  async describe() {
    return { workspaceName: "Meetwell", endUserName: "Acme GmbH" };
  }

  providers({ provider }: ConnectGrant): readonly Provider[] {
    return this.offered.filter(({ slug }) => provider === null || provider === slug);
  }

  sandboxCredential({ environment }: ConnectGrant, { slug }: Provider) {
    return environment === "test" ? (this.sandboxCredentials[slug] ?? null) : null;
  }

  async connections(): Promise<ConnectionRecord[]> {
    return this.held;
  }

  async authorize(_grant: ConnectGrant, provider: string, choice: { serverId?: string; answer?: string }) {
    this.#maybeFail();
    const attempt: AuthorizationAttempt = {
      provider,
      server: choice.serverId ?? "default",
      answer: choice.answer ?? null,
      state: `state-of-${provider}`,
      codeVerifier: "v",
    };
    return { url: `https://crm.example/authorize?state=${attempt.state}`, attempt };
  }

  readAnswer(_grant: ConnectGrant, slug: string, answer: string | undefined): string {
    const { question, ownServers } = this.offered.find((provider) => provider.slug === slug)!.oauth!;
    const { field } = (question ?? ownServers)!;
    const read = (text: string) => question?.read(text) ?? ownServers!.read(text).id;
    if (!answer) {
      throw new CrmError("MISSING_REQUIRED", { errors: { [`input.credentials.${field.name}`]: "Fill this in." } });
    }
    return withInputPaths({ [field.name]: answer }, () => read(answer));
  }

  async completeAuthorization(_grant: ConnectGrant, attempt: AuthorizationAttempt): Promise<ConnectionRecord> {
    this.#maybeFail();
    return this.hold(attempt.provider);
  }

  async submitCredentials(_grant: ConnectGrant, slug: string, credentials: Record<string, unknown>) {
    this.submitted.push(credentials);
    this.#maybeFail();
    return this.hold(slug);
  }

  async disconnect(_grant: ConnectGrant, id: string): Promise<void> {
    this.#maybeFail();
    if (!this.held.some((connection) => connection.id === id)) throw new CrmError("CONNECTION_NOT_FOUND");
    this.held = this.held.filter((connection) => connection.id !== id);
  }

  hold(provider: string, given: Partial<ConnectionRecord> = {}): ConnectionRecord {
    const { workspaceId, environment, endUserId } = this.grant;
    const at = new Date(0);
    const connection: ConnectionRecord = {
      id: `conn_${provider}`,
      workspaceId,
      environment,
      endUserId,
      provider,
      status: "ACTIVE",
      credentials: "jwe",
      credentialsVersion: 1,
      accountGeneration: 1,
      accountName: `${provider} account`,
      scopes: null,
      tokenExpiresAt: null,
      redirectUrl: null,
      createdAt: at,
      updatedAt: at,
      lastUsedAt: null,
      ...given,
    };
    this.held = [...this.held.filter((held) => held.provider !== provider), connection];
    return connection;
  }

  #maybeFail(): void {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }
}

/** The pages, and a browser that keeps their cookies as a browser does: by name and path. */
export class Stage {
  readonly connect = new PlayedConnect();
  readonly logs: string[] = [];
  time = Date.parse("2026-01-01T00:00:00Z");
  readonly app: FastifyInstance = Fastify();
  readonly #publicUrl: string;
  #cookies: { name: string; value: string; path: string }[] = [];

  private constructor(publicUrl: string) {
    this.#publicUrl = publicUrl;
  }

  static async open({ publicUrl = PUBLIC_URL, keys = [KEY], maintenance = false } = {}): Promise<Stage> {
    const stage = new Stage(publicUrl);
    new RequestRecords([]).recordIn(stage.app);
    await stage.app.register(connectRoutes, {
      connect: stage.connect,
      publicUrl: () => publicUrl,
      sessionKeys: keys,
      logger: createLogger("debug", { write: (line) => void stage.logs.push(line) }),
      maintenance,
      requestTimeoutMs: 60_000,
      clock: { now: () => stage.time, monotonic: () => stage.time },
    });
    return stage;
  }

  get cookies(): readonly { name: string; value: string; path: string }[] {
    return this.#cookies;
  }

  /** Another browser: one without cookies. */
  forgetCookies(): void {
    this.#cookies = [];
  }

  async send(options: InjectOptions): Promise<LightMyRequestResponse> {
    const path = String(options.url).split("?")[0]!;
    const cookies = Object.fromEntries(
      this.#cookies
        .filter((cookie) => path === cookie.path || path.startsWith(`${cookie.path}/`))
        .map(({ name, value }) => [name, value]),
    );
    const response = await this.app.inject({ cookies, ...options });
    for (const { name, value, path: scope = "/", maxAge, expires } of response.cookies) {
      this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== scope);
      const isGone = maxAge === 0 || (expires !== undefined && expires.getTime() <= 0);
      if (!isGone) this.#cookies.push({ name, value, path: scope });
    }
    return response;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.send({ method: "GET", url, headers });
  }

  post(url: string, fields: Record<string, string> = {}, origin: string | null = this.#publicUrl) {
    return this.send({
      method: "POST",
      url,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...(origin === null ? {} : { origin }),
      },
      payload: new URLSearchParams(fields).toString(),
    });
  }

  /** Opens a link and resolves to the address of its session. */
  async enter(token = "ct_1", opener?: string): Promise<string> {
    const origin = opener === undefined ? "" : `&origin=${encodeURIComponent(opener)}`;
    const response = await this.get(`/connect?token=${token}${origin}`);
    return response.headers.location!;
  }
}
