import type { Config } from "./config.js";

/** Texts that are no secrets. Other texts are not shown, so that a new setting must be listed here first. */
const TEXTS = ["host", "publicUrl", "dataDir", "subgraphPrefix", "logLevel", "logFormat", "explorer"] as const;

/**
 * The configuration as the log shows it: all numbers and switches, and of everything that holds a secret only its name,
 * such as the number of encryption keys and the providers with an OAuth client.
 */
export function configFacts(config: Config): Record<string, unknown> {
  const plain = Object.entries(config).filter(([, value]) => typeof value === "number" || typeof value === "boolean");
  return {
    ...Object.fromEntries(plain),
    ...Object.fromEntries(TEXTS.map((name) => [name, config[name]])),
    database: config.databaseUrl === undefined ? "embedded" : placeOf(config.databaseUrl),
    redis: config.redisUrl === undefined ? "none" : new URL(config.redisUrl).host,
    encryptionKeys: config.encryptionKey === undefined ? "key file" : numberOf(config.encryptionKey),
    oauthClients: [...config.oauthClients.keys()],
    // A path may have a secret of the proxy in it.
    baseUrls: Object.fromEntries([...config.baseUrls].map(([slug, url]) => [slug, new URL(url).origin])),
    corsOrigins: config.corsOrigins,
    bounds: config.bounds,
    telemetry: telemetryFacts(config),
  };
}

/** Where telemetry goes, without the path and the user of a URL, which can be secrets of a vendor. */
function telemetryFacts({ telemetry }: Config): object | string {
  if (telemetry === null) return "off";
  const { traces, metrics, prometheusPort, tenantLabels } = telemetry;
  return {
    traces: traces ? new URL(traces.url).host : "off",
    metrics: metrics ? new URL(metrics.url).host : "off",
    prometheusPort: prometheusPort ?? "off",
    tenantLabels: [...tenantLabels],
  };
}

/** Host, port and name of a database, without the user and the parameters. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

/** The number of encryption keys. Their ids are not shown: an operator may have put a key in the place of an id. */
function numberOf(keys: string): number {
  return keys.split(",").length;
}
