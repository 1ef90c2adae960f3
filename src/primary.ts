import { crmeshVersion } from "./cli/version.js";
import { configFacts } from "./config-facts.js";
import type { Config } from "./config.js";
import { openResources, type Demo } from "./server-resources.js";
import { Lifecycle } from "./http/lifecycle.js";
import type { Logger } from "./observability/logger.js";
import type { RunningTelemetry } from "./observability/telemetry/telemetry.js";
import { providers } from "./providers/index.js";
import { loggerOf } from "./server.js";
import { shareSandbox, type SandboxFacts } from "./shared-sandbox.js";
import type { Store } from "./store/open-store.js";
import { systemClock } from "./upstream/clock.js";

/** What the workers of a machine have in common. */
export interface Primary {
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly telemetry: RunningTelemetry;
  readonly store: Store;
  /** What workers are told of the sandbox. Null without one. */
  readonly sandbox: SandboxFacts | null;
  readonly demo: Demo | null;
  /** Says where browsers reach the workers, if the configuration does not say it. */
  publishAt(origin: string): void;
  close(): Promise<void>;
}

export interface PrimaryOptions {
  /** Is told at the beginning of each step of the start, in words for a person. */
  onStep: (step: string) => void;
  /** The metrics of the workers. */
  otherMetrics: () => Promise<readonly string[]>;
}

/** Migrates the store, starts the housekeeping and the sandbox, and answers Prometheus. It serves no requests. */
export async function startPrimary(config: Config, { onStep, otherMetrics }: PrimaryOptions): Promise<Primary> {
  const logger = loggerOf(config);
  logger.info({ version: crmeshVersion(), node: process.versions.node, config: configFacts(config) }, "Starting");
  for (const warning of config.warnings) logger.warn(warning);
  const onBackgroundError = (err: unknown) => logger.warn({ err }, "A background task failed");
  const cleanups: (() => unknown)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  let { publicUrl } = config;
  try {
    const options = { config, providers, clock: systemClock, logger, overrides: {}, onStep, onBackgroundError };
    const { telemetry, store, sandbox, demo } = await openResources({ ...options, cleanups, otherMetrics });
    const redirectUri = (slug: string) => `${publicUrl}/connect/callback/${slug}`;
    const shared = sandbox && (await shareSandbox(sandbox, config, logger, redirectUri));
    if (shared) cleanups.push(() => shared.close());
    return {
      logger,
      lifecycle: new Lifecycle(),
      telemetry,
      store,
      sandbox: shared?.facts ?? null,
      demo,
      publishAt: (origin) => void (publicUrl ??= origin),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
