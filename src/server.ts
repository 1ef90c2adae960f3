import { ApiKeyAuthenticator } from "./connections/access/api-key-authenticator.js";
import { ConnectService } from "./connections/linking/connect-service.js";
import { ConnectTokens } from "./connections/linking/connect-tokens.js";
import { ConnectionDirectory } from "./connections/access/directory.js";
import { ConnectionService } from "./connections/lifecycle/connection-service.js";
import { CredentialStore } from "./connections/credentials/credential-store.js";
import { InFlight } from "./connections/credentials/in-flight.js";
import { Renewal } from "./connections/credentials/renewal.js";
import { Origins } from "./connections/calls/origins.js";
import { UpstreamAccess } from "./connections/calls/upstream-access.js";
import { connectRoutes } from "./connect/routes.js";
import { crmeshVersion } from "./cli/version.js";
import { configFacts } from "./config-facts.js";
import type { Config } from "./config.js";
import { DEMO_KEY } from "./demo.js";
import { SUBGRAPH_FORM } from "./errors/answer-form.js";
import { createApollo } from "./graphql/apollo.js";
import { openWorkerResources, openResources, type Demo, type WorkerRole } from "./server-resources.js";
import { CursorCodec } from "./graphql/operation/cursor.js";
import { crmeshSchema } from "./graphql/schema/index.js";
import { subgraphOf } from "./graphql/subgraph/schema.js";
import { createApp } from "./http/app.js";
import { ExplorerBuild } from "./http/explorer/build.js";
import { Bundle } from "./http/explorer/bundle.js";
import { Explorer } from "./http/explorer/explorer.js";
import type { ExplorerName } from "./http/explorer/pages.js";
import { explorerRoutes, sendPage } from "./http/explorer/routes.js";
import { graphqlRoutes } from "./http/graphql-route.js";
import { healthRoutes } from "./http/health-routes.js";
import { Lifecycle } from "./http/lifecycle.js";
import { KeyRateLimit } from "./http/rate-limit.js";
import { openLimits } from "./limits/open-limits.js";
import { circuitLog, renewalLog } from "./observability/changes-log.js";
import { createLogger, type Logger } from "./observability/logger.js";
import { requestLog } from "./observability/request-log.js";
import { dayOf, endingFacts, endingVersions } from "./providers/api-versions.js";
import { providers as allProviders } from "./providers/index.js";
import type { ProviderRegistry } from "./providers/registry.js";
import type { Sandbox } from "./sandbox/public.js";
import { SANDBOX_PATH, type ServedSandbox } from "./shared-sandbox.js";
import { derivedKeys } from "./store/derived-keys.js";
import type { Store } from "./store/open-store.js";
import type { CircuitsOptions } from "./upstream/circuits.js";
import { systemClock, type Clock } from "./upstream/clock.js";
import { UpstreamClient } from "./upstream/upstream-client.js";

/** Parts that tests replace. The process does not use them. */
export interface ServerOverrides {
  providers?: ProviderRegistry;
  store?: Store;
  logger?: Logger;
  circuit?: Partial<CircuitsOptions>;
  clock?: Clock;
  sandbox?: Sandbox;
  explorerBundle?: Bundle;
  explorerBuild?: ExplorerBuild;
}

export interface StartOptions {
  /** Is told at the beginning of each step of the start, in words for a person. */
  onStep?: (step: string) => void;
  /** Makes it one of several workers. */
  worker?: WorkerRole;
}

export interface CrmeshServer {
  /** Origin at which the server listens, e.g. http://127.0.0.1:4000. */
  readonly origin: string;
  /** Origin of the Prometheus endpoint. Null without one. */
  readonly metricsOrigin: string | null;
  readonly store: Store;
  readonly sandbox: ServedSandbox | null;
  readonly logger: Logger;
  /** Null without a sandbox. */
  readonly demo: Demo | null;
  /** Returns the metrics for Prometheus. Null if they are off. */
  readonly metricsText: (() => Promise<string>) | null;
  /** Reports on `/readyz` that the process is stopping, while requests are still accepted. */
  readonly lifecycle: Lifecycle;
  /** The page on which people write queries. Null if it is off. */
  readonly explorer: Explorer | null;
  /** Stops accepting requests, finishes running requests, and closes everything. */
  close(): Promise<void>;
}

/** Builds all parts and connects them. This is the only file that knows all parts. */
export async function startServer(
  config: Config,
  overrides: ServerOverrides = {},
  { onStep = () => {}, worker }: StartOptions = {},
): Promise<CrmeshServer> {
  const { providers = allProviders, clock = systemClock } = overrides;
  const logger = overrides.logger ?? loggerOf(config, worker);
  const startedAt = performance.now();
  logger.info({ version: crmeshVersion(), node: process.versions.node, config: configFacts(config) }, "Starting");
  for (const warning of config.warnings) logger.warn(warning);
  for (const ending of endingVersions(providers.all, dayOf(clock.now())))
    logger.warn(endingFacts(ending), "API version ends");
  const onBackgroundError = (err: unknown) => logger.warn({ err }, "A background task failed");
  const now = () => clock.now();
  const cleanups: (() => unknown)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const resourceOptions = { config, providers, clock, logger, overrides, onStep, onBackgroundError, cleanups };
    const resources = worker
      ? await openWorkerResources(resourceOptions, worker)
      : await openResources(resourceOptions);
    const { host, telemetry, store, keys, vault, sandbox, demo } = resources;

    const { meters } = telemetry;
    const limits = await openLimits({ config, clock, logger, meters, ofPrimary: worker?.ledger });
    cleanups.push(() => limits.close());
    const client = new UpstreamClient({
      ledger: limits.ledger,
      processes: config.replicas * config.workers,
      transport: { timeoutMs: config.upstreamTimeoutMs },
      shares: { perOrigin: config.upstreamSockets },
      clock,
      ...(overrides.circuit ? { circuit: overrides.circuit } : {}),
      onCircuitChange: circuitLog(logger),
      telemetry,
    });
    cleanups.push(() => client.close());
    // Defaults to the listening address, which is known only after the start.
    let { publicUrl } = config;
    const directory = new ConnectionDirectory({ store, registry: providers, clock, onBackgroundError });
    const authenticator = new ApiKeyAuthenticator({
      store,
      // Everybody knows the demo key, and the store may contain it from development.
      refused: config.production ? [DEMO_KEY] : [],
      clock,
      onBackgroundError,
    });
    cleanups.push(
      store.changes.subscribe((change) => [directory, authenticator].forEach((one) => one.noteChange(change))),
      () => directory.close(),
      () => authenticator.close(),
    );
    const parts = {
      store,
      registry: providers,
      directory,
      access: new UpstreamAccess({
        client,
        origins: new Origins({
          sandbox: sandbox?.origins ?? new Map(),
          sandboxPages: (slug) => `${publicUrl!}${SANDBOX_PATH}/${slug}`,
          overrides: config.baseUrls,
          allowPrivateHosts: config.allowPrivateHosts,
        }),
        oauthClients: ({ slug }, environment) =>
          environment === "test"
            ? (sandbox?.oauthClient ?? NO_SANDBOX_CLIENT)
            : (config.oauthClients.get(slug) ?? null),
        clock,
      }),
      tokens: new ConnectTokens({
        keys: derivedKeys(keys, "connect tokens"),
        spent: store.spentConnectTokens,
        publicUrl: () => publicUrl!,
        now,
      }),
      publicUrl: () => publicUrl!,
      inFlight: new InFlight(),
      settings: config.providerSettings,
      clock,
      onBackgroundError,
      telemetry,
    };
    const credentials = new CredentialStore({ ...parts, vault });
    const renewal = new Renewal({ ...parts, credentials, onRenewal: renewalLog(logger) });
    // Must happen before the client and the store close, because work that outlives its request needs both.
    cleanups.push(() => renewal.close());
    cleanups.push(() => parts.inFlight.settled());
    const connections = new ConnectionService({
      ...parts,
      credentials,
      renewal,
      connectionTimeoutMs: config.connectionTimeoutMs,
      reconnectUrl: async ({ id: connectionId, workspaceId, environment, endUserId, provider }) => {
        const grant = { workspaceId, environment, endUserId, provider, connectionId, redirectUrl: null };
        return (await parts.tokens.issue(grant)).url;
      },
    });
    cleanups.push(() => connections.close());
    const sandboxCredential = sandbox && ((slug: string) => sandbox.demoCredential(slug));
    const connect = new ConnectService({ ...parts, connections, sandboxCredential });

    onStep("Building the graph");
    const schema = await crmeshSchema();
    const { introspection, bounds } = config;
    const apollo = createApollo({ schema, logger, introspection, bounds });
    const subgraph = createApollo({
      schema: subgraphOf(schema, providers.all, config.subgraphPrefix).schema,
      logger,
      introspection,
      bounds,
      form: SUBGRAPH_FORM,
    });
    for (const part of [apollo, subgraph]) {
      await part.start();
      cleanups.push(() => part.stop());
    }

    const explorer = config.explorer === "off" ? null : explorerOf(config.explorer, { demo, logger, overrides });
    cleanups.push(() => explorer?.build.stop());

    const app = createApp(config, logger, [requestLog(logger)], telemetry);
    await app.register(graphqlRoutes, {
      apollo,
      subgraph,
      authenticator,
      rateLimit: new KeyRateLimit({ perMinute: config.rateLimit, shared: limits.keys, alone: limits.keysAlone }),
      connections,
      connect,
      cursors: new CursorCodec(derivedKeys(keys, "cursors").map(({ key }) => key)),
      logger,
      sendPage: explorer && (async (reply) => sendPage(reply, await explorer.page())),
      corsOrigins: config.corsOrigins,
      maintenance: config.maintenance,
      requestTimeoutMs: config.requestTimeoutMs,
      sandboxFaults: sandbox?.faults ?? [],
      clock,
      telemetry,
    });
    await app.register(connectRoutes, {
      connect,
      publicUrl: parts.publicUrl,
      sessionKeys: derivedKeys(keys, "connect sessions").map(({ key }) => key),
      logger,
      maintenance: config.maintenance,
      requestTimeoutMs: config.requestTimeoutMs,
      clock,
    });
    if (explorer) explorerRoutes(app, explorer);
    if (sandbox) {
      const redirectUri = (slug: string) => connect.redirectUri({ slug });
      sandbox.addConsentPages(app, SANDBOX_PATH, redirectUri);
    }
    const lifecycle = new Lifecycle();
    healthRoutes(app, {
      ping: () => store.ping(),
      maintenance: config.maintenance,
      lifecycle,
      limits: () => limits.state,
    });
    const origin = await app.listen({ port: config.port, host });
    publicUrl ??= origin;
    cleanups.push(() => app.close());
    const { metricsOrigin, metricsText } = telemetry;
    const startMs = Math.round(performance.now() - startedAt);
    logger.info({ origin, ...(metricsOrigin === null ? {} : { metricsOrigin }), startMs }, "Listening");
    return { origin, metricsOrigin, metricsText, store, sandbox, logger, demo, lifecycle, explorer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** JSON for programs, except at a terminal outside production. The lines of a worker have its number. */
export function loggerOf({ logLevel, logFormat, production }: Config, worker?: WorkerRole): Logger {
  const { isTTY } = process.stdout;
  const format = logFormat === "auto" ? (isTTY && !production ? "text" : "json") : logFormat;
  const logger = createLogger(logLevel, undefined, format, isTTY && process.env["NO_COLOR"] === undefined);
  return worker ? logger.child({ worker: worker.number }) : logger;
}

/** Placeholder for test connections while the sandbox is off. `Origins` refuses their calls before they are sent. */
const NO_SANDBOX_CLIENT = { id: "", secret: "" };

function explorerOf(
  preferred: ExplorerName,
  { demo, logger, overrides }: { demo: CrmeshServer["demo"]; logger: Logger; overrides: ServerOverrides },
): Explorer {
  return new Explorer({
    preferred,
    endpoint: "/graphql",
    // Without the demo's key, which production has not, the pages offer none.
    caller: demo?.key ? { key: demo.key, endUser: demo.endUser } : null,
    bundle: overrides.explorerBundle ?? new Bundle(),
    build: overrides.explorerBuild ?? new ExplorerBuild(logger),
  });
}
