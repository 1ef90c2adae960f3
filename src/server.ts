import { hkdfSync } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { ApiKeyAuthenticator } from "./connections/api-key-authenticator.js";
import { ConnectionService } from "./connections/connection-service.js";
import { Origins } from "./connections/origins.js";
import type { Config } from "./config.js";
import { DEMO_END_USER, DEMO_KEY, seedDemo } from "./demo.js";
import { createApollo } from "./graphql/apollo.js";
import { CursorCodec } from "./graphql/paging/cursor.js";
import { crmeshSchema } from "./graphql/schema.js";
import { errorHandler, replyWithError } from "./http/error-reply.js";
import { graphqlRoute } from "./http/graphql-route.js";
import { healthRoutes } from "./http/health-routes.js";
import { KeyRateLimit } from "./http/rate-limit.js";
import { requestIdOf } from "./http/request-id.js";
import { createLogger, type Logger } from "./observability/logger.js";
import { providers as allProviders } from "./providers/index.js";
import type { ProviderRegistry } from "./providers/registry.js";
import { SANDBOX_FAULTS } from "./sandbox/crm.js";
import { SANDBOX_OAUTH_CLIENT, startSandbox, type Sandbox } from "./sandbox/index.js";
import { loadOrCreateKeyFile, parseEncryptionKeys, newKeyRing, type KeyRing } from "./store/encryption-keys.js";
import { openStore, type Store } from "./store/open-store.js";
import { Vault } from "./store/vault.js";
import type { CircuitOptions } from "./upstream/circuit.js";
import { UpstreamClient } from "./upstream/upstream-client.js";
import { invalidInput } from "./errors/crm-error.js";

/** What the tests replace; the process has nothing to say here. */
export interface ServerOverrides {
  providers?: ProviderRegistry;
  store?: Store;
  logger?: Logger;
  circuit?: Partial<CircuitOptions>;
  sandbox?: Sandbox;
}

export interface CrmeshServer {
  /** Where it listens, e.g. http://127.0.0.1:4000. */
  readonly origin: string;
  readonly store: Store;
  readonly sandbox: Sandbox | null;
  readonly logger: Logger;
  /** Stops taking requests, finishes those that run, and closes everything. */
  close(): Promise<void>;
}

/** Builds every part and joins them: the only place that knows them all. */
export async function startServer(config: Config, overrides: ServerOverrides = {}): Promise<CrmeshServer> {
  const { providers = allProviders } = overrides;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const onBackgroundError = (err: unknown) => logger.warn({ err }, "A background task failed");
  const cleanups: (() => unknown)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const store = overrides.store ?? (await openStore({ dataDir: config.dataDir }));
    if (!overrides.store) cleanups.push(() => store.close());
    const keys = await encryptionKeys(config, store, overrides.store !== undefined);
    const vault = new Vault(keys);

    const sandbox = config.sandbox ? (overrides.sandbox ?? (await startSandbox())) : null;
    if (sandbox && !overrides.sandbox) cleanups.push(() => sandbox.close());
    if (sandbox) await seedDemo(store, vault, providers, (slug) => sandbox.credentials(slug, "demo"));

    const client = new UpstreamClient({
      transport: { timeoutMs: config.upstreamTimeoutMs },
      ...(overrides.circuit ? { circuit: overrides.circuit } : {}),
    });
    cleanups.push(() => client.close());
    const connections = new ConnectionService({
      store,
      vault,
      registry: providers,
      client,
      origins: new Origins({
        sandbox: sandbox?.origins ?? new Map(),
        overrides: config.baseUrls,
        allowPrivateHosts: config.allowPrivateHosts,
      }),
      oauthClients: ({ slug }, environment) =>
        environment === "test" ? SANDBOX_OAUTH_CLIENT : (config.oauthClients.get(slug) ?? null),
      now: Date.now,
      onBackgroundError,
    });

    const apollo = createApollo({
      schema: await crmeshSchema(),
      logger,
      introspection: config.introspection,
      maxRecords: config.maxRecords,
      landingPage: config.apolloSandbox ? firstLook(sandbox !== null) : null,
    });
    await apollo.start();
    cleanups.push(() => apollo.stop());

    const app = createApp(config, logger);
    graphqlRoute(app, {
      apollo,
      authenticator: new ApiKeyAuthenticator({ apiKeys: store.apiKeys, now: Date.now, onBackgroundError }),
      rateLimit: new KeyRateLimit(config.rateLimit),
      connections,
      cursors: new CursorCodec(cursorKeys(keys)),
      logger,
      maintenance: config.maintenance,
      requestTimeoutMs: config.requestTimeoutMs,
      sandboxFaults: SANDBOX_FAULTS,
      now: Date.now,
    });
    healthRoutes(app, { ping: () => store.ping(), maintenance: config.maintenance });
    const origin = await app.listen({ port: config.port, host: config.host });
    cleanups.push(() => app.close());
    return { origin, store, sandbox, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createApp(config: Config, logger: Logger): FastifyInstance {
  const app = Fastify({
    bodyLimit: config.maxBodyBytes,
    // Idle keep-alive connections must not hold up a stop; running requests may.
    forceCloseConnections: "idle",
    genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
    requestIdHeader: false,
  });
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
    app.server.keepAliveTimeout = 1;
  });
  app.addHook("onSend", async (_request, reply) => {
    // A connection that is kept for a next request would hold up the stop.
    if (stopping) void reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, id } = request;
    logger.info(
      {
        requestId: id,
        method,
        path: request.routeOptions.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      "Request",
    );
  });
  app.setErrorHandler(errorHandler(logger));
  app.setNotFoundHandler((request, reply) =>
    replyWithError(reply, invalidInput({ path: "There is only POST /graphql here." }), request.id),
  );
  return app;
}

async function encryptionKeys(config: Config, store: Store, inMemory: boolean): Promise<KeyRing> {
  if (config.encryptionKey !== undefined) return parseEncryptionKeys(config.encryptionKey);
  return inMemory ? newKeyRing() : loadOrCreateKeyFile(config.dataDir, () => store.connections.anyWithCredentials());
}

/** Cursors are signed with keys of their own, derived so that every replica has the same ones. */
function cursorKeys({ current, keys }: KeyRing): Uint8Array[] {
  const currentFirst = [keys.get(current)!, ...[...keys].filter(([id]) => id !== current).map(([, key]) => key)];
  return currentFirst.map((key) => new Uint8Array(hkdfSync("sha256", key, "", "crmesh cursors", 32)));
}

/** A query that shows what the graph is for, as Apollo Sandbox opens with it. */
const FIRST_QUERY = `query FirstLook {
  connections {
    provider { name }
    contacts(first: 3) { nodes { fullName emails { address } } }
    leads(first: 3) { nodes { subject fullName status } }
    meetings(first: 3) { nodes { title startAt attendees { name email } } }
  }
}
`;

function firstLook(demo: boolean): { document: string; headers: Record<string, string> } {
  const headers = demo ? { Authorization: `Bearer ${DEMO_KEY}`, "X-End-User-Id": DEMO_END_USER } : {};
  return { document: FIRST_QUERY, headers: headers as Record<string, string> };
}
