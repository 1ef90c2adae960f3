import { observeConnections } from "./connections/lifecycle/connection-metrics.js";
import { startHousekeeping } from "./connections/lifecycle/housekeeping.js";
import { crmeshVersion } from "./cli/version.js";
import type { Config } from "./config.js";
import { DEMO_END_USER, DEMO_KEY, seedDemo } from "./demo.js";
import { listenAddress } from "./http/listen-address.js";
import type { Logger } from "./observability/logger.js";
import { startTelemetry } from "./observability/telemetry/start.js";
import type { RunningTelemetry } from "./observability/telemetry/telemetry.js";
import type { ProviderRegistry } from "./providers/registry.js";
import type { Sandbox } from "./sandbox/public.js";
import { sandboxOf, type SandboxFacts, type ServedSandbox } from "./shared-sandbox.js";
import type { KeyRing } from "./store/encryption-keys.js";
import { openStore, type Store } from "./store/open-store.js";
import { loadKeyRing, openVault } from "./store/open-vault.js";
import { Vault } from "./store/vault.js";
import type { PaceLedger } from "./upstream/pace-ledger.js";
import type { Clock } from "./upstream/clock.js";

/** API key and end user of the demo. */
export interface Demo {
  /** Null in production, because everybody knows the key. */
  key: string | null;
  endUser: string;
}

/** What a server opens before it listens, and closes after its last request. */
export interface ServerResources {
  /** The address on which the server listens. */
  host: string;
  telemetry: RunningTelemetry;
  store: Store;
  keys: KeyRing;
  vault: Vault;
  sandbox: ServedSandbox | null;
  /** Null without a sandbox. */
  demo: Demo | null;
}

/** One of several workers, whose primary has migrated the store and runs the housekeeping and the sandbox. */
export interface WorkerRole {
  /** From 1. */
  number: number;
  sandbox: SandboxFacts | null;
  /** The ledger of the primary. `alone` is asked if the primary does not answer. */
  ledger: (alone: PaceLedger) => PaceLedger;
}

export interface ResourceOptions {
  config: Config;
  providers: ProviderRegistry;
  clock: Clock;
  logger: Logger;
  overrides: { store?: Store; sandbox?: Sandbox };
  onStep: (step: string) => void;
  onBackgroundError: (error: unknown) => void;
  /** Gets what has to be closed, in the order in which it was opened. */
  cleanups: (() => unknown)[];
  /** The metrics of other processes, which the Prometheus endpoint answers besides its own. */
  otherMetrics?: () => Promise<readonly string[]>;
}

/** Opens the resources of a server, migrates the store, and starts the housekeeping. Of several workers, the primary does this once. */
export async function openResources(options: ResourceOptions): Promise<ServerResources & { sandbox: Sandbox | null }> {
  const { config, providers, clock, overrides, onStep, onBackgroundError, cleanups } = options;
  onStep(config.databaseUrl ? "Connecting to PostgreSQL" : `Opening the embedded database in ${config.dataDir}`);
  const { host, telemetry, store } = await openStoreOf(options, null);
  if (telemetry.meters) observeConnections(telemetry.meters, store, clock);
  const { keys, vault } = await openVault({
    store,
    encryptionKey: config.encryptionKey,
    dataDir: overrides.store ? null : config.dataDir,
  });
  const now = () => clock.now();
  cleanups.push(startHousekeeping({ store, retentionDays: config.auditRetentionDays, now, onBackgroundError }));

  if (config.sandbox) onStep("Starting the sandbox CRMs");
  const sandbox = config.sandbox ? (overrides.sandbox ?? (await startSandbox())) : null;
  if (sandbox && !overrides.sandbox) cleanups.push(() => sandbox.close());
  if (sandbox) {
    const credentialsOf = (slug: string) => sandbox.credentials(slug, "demo");
    await seedDemo({ store, vault, registry: providers, credentialsOf, withKey: !config.production });
  }
  return { host, telemetry, store, keys, vault, sandbox, demo: demoOf(sandbox, config) };
}

/** Opens the resources that a worker has itself. The primary has done the rest. */
export async function openWorkerResources(options: ResourceOptions, role: WorkerRole): Promise<ServerResources> {
  const { config } = options;
  const opened = await openStoreOf(options, role);
  const { encryptionKey, dataDir } = config;
  // The primary has checked that the keys fit the stored credentials.
  const keys = await loadKeyRing({ store: opened.store, encryptionKey, dataDir });
  const sandbox = role.sandbox && sandboxOf(role.sandbox);
  return { ...opened, keys, vault: new Vault(keys), sandbox, demo: demoOf(sandbox, config) };
}

async function openStoreOf(options: ResourceOptions, role: WorkerRole | null) {
  const { config, clock, logger, overrides, cleanups, otherMetrics } = options;
  const host = await listenAddress(config.host);
  const telemetry = await startTelemetry(config.telemetry, {
    host,
    version: crmeshVersion(),
    logger,
    ...(role ? { worker: String(role.number), listens: false } : {}),
    ...(otherMetrics ? { worker: "primary", others: otherMetrics } : {}),
  });
  cleanups.push(() => telemetry.close());
  const onChangesLost = (err: unknown) =>
    logger.warn({ err }, "PostgreSQL announces no changes; those of other replicas are seen within 5 s");
  const isMigrated = role !== null;
  const store = overrides.store ?? (await openStore({ ...config, clock, onChangesLost, telemetry, isMigrated }));
  if (!overrides.store) cleanups.push(() => store.close());
  // Before the store closes, because the last metrics are read from it. A second call waits for the first.
  cleanups.push(() => telemetry.close());
  return { host, telemetry, store };
}

function demoOf(sandbox: ServedSandbox | null, { production }: Config): Demo | null {
  return sandbox ? { key: production ? null : DEMO_KEY, endUser: DEMO_END_USER } : null;
}

/** Loads the sandbox CRMs only if the sandbox is on. */
async function startSandbox(): Promise<Sandbox> {
  const sandbox = await import("./sandbox/public.js");
  return sandbox.startSandbox();
}
