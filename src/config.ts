import { z } from "zod";
import { ConfigError } from "./config-error.js";
import { PROCESS_VARIABLES, workersOf } from "./config-processes.js";
import { BOUNDS, type Bounds } from "./graphql/operation/bounds.js";
import { APOLLO_STUDIO } from "./http/cors.js";
import { TELEMETRY_VARIABLES, telemetrySettings, type TelemetrySettings } from "./observability/telemetry/settings.js";
import { ProviderRegistry } from "./providers/registry.js";
import { SHARES_DEFAULTS } from "./upstream/upstream-client.js";

export { ConfigError };

/** All settings, read once from the environment. */
export interface Config {
  production: boolean;
  /** Number of processes that serve requests on this machine. 1: this process alone. */
  workers: number;
  /** Number of machines that serve, which divide the limits that they do not count together. */
  replicas: number;
  /** A Redis in which replicas count together. */
  redisUrl: string | undefined;
  port: number;
  host: string;
  /** Origin at which end users' browsers reach this server. Defaults to the listening address. */
  publicUrl: string | undefined;
  /** Folder of the embedded database and its encryption key. */
  dataDir: string;
  /** A PostgreSQL to use instead of the embedded database. */
  databaseUrl: string | undefined;
  /** Maximum number of connections to that PostgreSQL. */
  databasePoolSize: number;
  /** Days after which connection events are deleted. */
  auditRetentionDays: number;
  /** `kid:base64` keys, the current key first. Defaults to a key file in the data folder. */
  encryptionKey: string | undefined;
  sandbox: boolean;
  /** Slug → address that replaces the vendor's for live connections of that provider, without a slash at its end. */
  baseUrls: ReadonlyMap<string, string>;
  /** Slug → crmesh's OAuth client at that provider. */
  oauthClients: ReadonlyMap<string, { id: string; secret: string }>;
  /** Slug → name of a provider's setting → the operator's value. */
  providerSettings: ReadonlyMap<string, ReadonlyMap<string, string>>;
  allowPrivateHosts: boolean;
  maintenance: boolean;
  introspection: boolean;
  /** The page on which people write queries. */
  explorer: "graphiql" | "sandbox" | "off";
  /** Origins of other sites whose pages may use `/graphql`. */
  corsOrigins: readonly string[];
  /** Begins the names of all types and root fields at `/subgraph`. May be empty. */
  subgraphPrefix: string;
  logLevel: string;
  /** "auto": text at a terminal outside production, else JSON. */
  logFormat: "json" | "text" | "auto";
  /** Requests per API key and minute. */
  rateLimit: number;
  maxBodyBytes: number;
  /** Milliseconds that a caller has to send the headers of a request; at most `receiveTimeoutMs`. */
  headersTimeoutMs: number;
  /** Milliseconds that a caller has to send a whole request. */
  receiveTimeoutMs: number;
  /** Milliseconds that a connection without a request stays open for a next one. */
  keepAliveTimeoutMs: number;
  /** Milliseconds after SIGTERM during which requests are still accepted, while `/readyz` answers 503. */
  drainMs: number;
  /** Limits on the size of one operation and of its response. */
  bounds: Bounds;
  /** Milliseconds that one operation may take. */
  requestTimeoutMs: number;
  /** Milliseconds that one operation may wait for one connection. */
  connectionTimeoutMs: number;
  /** Milliseconds that one attempt of an upstream call may take. */
  upstreamTimeoutMs: number;
  /** Maximum number of calls under way to one origin of a CRM. One workspace alone has half of them. */
  upstreamSockets: number;
  /** Sentences about settings that work, but should be changed. */
  warnings: readonly string[];
  /** Metrics and traces. Null if no variable turns them on. */
  telemetry: TelemetrySettings | null;
}

const DEFAULT_HEADERS_TIMEOUT_MS = 10_000;

/** What the values of CRMESH_APOLLO_SANDBOX mean, which the next version does not read. */
const EXPLORER_OF_APOLLO_SANDBOX = { on: "sandbox", off: "off" } as const;

/** Begins GraphQL names. Names that begin with two underscores belong to GraphQL, and with one to Federation. */
export const TYPE_PREFIX = /^[A-Za-z][A-Za-z0-9]{0,29}$/;
export const TYPE_PREFIX_RULE = "expected 1 to 30 letters and digits, beginning with a letter";

const integer = (from: number, to: number) => z.coerce.number().int().min(from).max(to);
const onOff = z.enum(["on", "off"]).transform((value) => value === "on");
/** A proxy may serve a CRM below a path. */
const baseUrl = z.url({ protocol: /^https?$/ }).transform((value) => {
  const { origin, pathname } = new URL(value);
  return origin + pathname.replace(/\/+$/, "");
});

function environmentSchema(production: boolean) {
  const unlessProduction = production ? "off" : "on";
  return z.object({
    PORT: integer(0, 65_535).default(4000),
    HOST: z.string().min(1).default("127.0.0.1"),
    ...PROCESS_VARIABLES,
    CRMESH_DATA_DIR: z.string().min(1).default(".crmesh"),
    CRMESH_DATABASE_POOL_SIZE: integer(1, 1_000).default(10),
    CRMESH_AUDIT_RETENTION_DAYS: integer(1, 36_500).default(365),
    CRMESH_ENCRYPTION_KEY: z.string().min(1).optional(),
    CRMESH_SANDBOX: onOff.prefault(unlessProduction),
    CRMESH_ALLOW_PRIVATE_HOSTS: onOff.prefault("off"),
    CRMESH_MAINTENANCE: onOff.prefault("off"),
    CRMESH_INTROSPECTION: onOff.prefault(unlessProduction),
    CRMESH_EXPLORER: z.enum(["graphiql", "sandbox", "off"]).optional(),
    CRMESH_APOLLO_SANDBOX: z.enum(["on", "off"]).optional(),
    CRMESH_SUBGRAPH_PREFIX: z.string().regex(TYPE_PREFIX, TYPE_PREFIX_RULE).default(""),
    CRMESH_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default(production ? "info" : "warn"),
    CRMESH_LOG_FORMAT: z.enum(["json", "text", "auto"]).default("auto"),
    CRMESH_RATE_LIMIT: integer(1, 1_000_000).default(600),
    CRMESH_MAX_BODY_BYTES: integer(1024, 100 * 1024 * 1024).default(1024 * 1024),
    CRMESH_HEADERS_TIMEOUT_MS: integer(50, 600_000).optional(),
    CRMESH_RECEIVE_TIMEOUT_MS: integer(50, 600_000).default(15_000),
    CRMESH_KEEP_ALIVE_TIMEOUT_MS: integer(50, 3_600_000).default(65_000),
    CRMESH_DRAIN_MS: integer(0, 600_000).default(production ? 5_000 : 0),
    CRMESH_REQUEST_TIMEOUT_MS: integer(100, 600_000).default(30_000),
    CRMESH_CONNECTION_TIMEOUT_MS: integer(50, 600_000).default(12_000),
    CRMESH_UPSTREAM_TIMEOUT_MS: integer(50, 600_000).default(10_000),
    CRMESH_UPSTREAM_SOCKETS: integer(2, 10_000).default(SHARES_DEFAULTS.perOrigin),
    ...TELEMETRY_VARIABLES,
  });
}

/**
 * Reads the settings.
 * @param registry the providers, each of which has its own `CRMESH_<SLUG>_…` settings
 * @throws ConfigError that names the variable and the problem, but never the value, because some values are secrets
 */
export function readConfig(environment: Record<string, string | undefined>, registry: ProviderRegistry): Config {
  const production = environment["NODE_ENV"] === "production";
  // An empty variable counts as not set, because compose files and shells create empty variables.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema(production).safeParse(set);
  if (!parsed.success) throw new ConfigError(sentence(parsed.error.issues[0]!));
  const values = parsed.data;
  const replacedBy = values.CRMESH_APOLLO_SANDBOX && EXPLORER_OF_APOLLO_SANDBOX[values.CRMESH_APOLLO_SANDBOX];
  const databaseUrl = databaseUrlOf(set);
  if (databaseUrl !== undefined && values.CRMESH_ENCRYPTION_KEY === undefined) {
    throw new ConfigError(
      "CRMESH_ENCRYPTION_KEY must be set with DATABASE_URL, to the same key for every server of that database; " +
        "make one with: openssl rand -base64 32.",
    );
  }
  const workers = workersOf(values.CRMESH_WORKERS, databaseUrl);
  return {
    production,
    workers: workers.number,
    replicas: values.CRMESH_REPLICAS,
    redisUrl: values.CRMESH_REDIS_URL,
    port: values.PORT,
    host: values.HOST,
    publicUrl: publicUrlOf(set),
    dataDir: values.CRMESH_DATA_DIR,
    databaseUrl,
    databasePoolSize: values.CRMESH_DATABASE_POOL_SIZE,
    auditRetentionDays: values.CRMESH_AUDIT_RETENTION_DAYS,
    encryptionKey: values.CRMESH_ENCRYPTION_KEY,
    sandbox: values.CRMESH_SANDBOX,
    baseUrls: baseUrlsOf(set, registry),
    oauthClients: oauthClientsOf(set, registry),
    providerSettings: providerSettingsOf(set, registry),
    allowPrivateHosts: values.CRMESH_ALLOW_PRIVATE_HOSTS,
    maintenance: values.CRMESH_MAINTENANCE,
    introspection: values.CRMESH_INTROSPECTION,
    explorer: values.CRMESH_EXPLORER ?? replacedBy ?? (production ? "off" : "graphiql"),
    corsOrigins: [...(production ? [] : [APOLLO_STUDIO]), ...corsOriginsOf(set)],
    subgraphPrefix: values.CRMESH_SUBGRAPH_PREFIX,
    logLevel: values.CRMESH_LOG_LEVEL,
    logFormat: values.CRMESH_LOG_FORMAT,
    rateLimit: values.CRMESH_RATE_LIMIT,
    maxBodyBytes: values.CRMESH_MAX_BODY_BYTES,
    headersTimeoutMs: headersTimeoutOf(values.CRMESH_HEADERS_TIMEOUT_MS, values.CRMESH_RECEIVE_TIMEOUT_MS),
    receiveTimeoutMs: values.CRMESH_RECEIVE_TIMEOUT_MS,
    keepAliveTimeoutMs: values.CRMESH_KEEP_ALIVE_TIMEOUT_MS,
    drainMs: values.CRMESH_DRAIN_MS,
    bounds: boundsOf(set),
    requestTimeoutMs: values.CRMESH_REQUEST_TIMEOUT_MS,
    connectionTimeoutMs: values.CRMESH_CONNECTION_TIMEOUT_MS,
    upstreamTimeoutMs: values.CRMESH_UPSTREAM_TIMEOUT_MS,
    upstreamSockets: values.CRMESH_UPSTREAM_SOCKETS,
    warnings: [
      ...(replacedBy === undefined
        ? []
        : [`CRMESH_APOLLO_SANDBOX is replaced by CRMESH_EXPLORER=${replacedBy}. The next version does not read it.`]),
      ...workers.warnings,
    ],
    telemetry: telemetrySettings(values),
  };
}

/** Settings that are read by a function of their own, not by `environmentSchema`. */
const OTHER_SETTINGS = ["DATABASE_URL", "CRMESH_PUBLIC_URL", "CRMESH_CORS_ORIGINS"];

/** The names of all variables that `readConfig` reads, also those of each provider. */
export function settingNames(registry: ProviderRegistry): string[] {
  const ofProvider = ({ slug, oauth, settings = [] }: ProviderRegistry["all"][number]) =>
    ["BASE_URL", ...(oauth ? ["CLIENT_ID", "CLIENT_SECRET"] : []), ...settings.map(({ variable }) => variable)].map(
      (name) => `CRMESH_${slug.toUpperCase()}_${name}`,
    );
  return [
    ...Object.keys(environmentSchema(false).shape),
    ...Object.values(BOUNDS).map(({ variable }) => variable),
    ...OTHER_SETTINGS,
    ...registry.all.flatMap(ofProvider),
  ];
}

function boundsOf(set: Record<string, string | undefined>): Bounds {
  const values = Object.entries(BOUNDS).map(([name, { variable, default: value, max }]) => {
    const parsed = integer(1, max).default(value).safeParse(set[variable]);
    if (!parsed.success) throw new ConfigError(sentence({ ...parsed.error.issues[0]!, path: [variable] }));
    return [name, parsed.data];
  });
  return Object.fromEntries(values) as Bounds;
}

/** The headers are a part of the request, so their time limit cannot be longer than the limit of the whole request. */
function headersTimeoutOf(set: number | undefined, receiveTimeoutMs: number): number {
  if (set === undefined) return Math.min(DEFAULT_HEADERS_TIMEOUT_MS, receiveTimeoutMs);
  if (set <= receiveTimeoutMs) return set;
  throw new ConfigError("CRMESH_HEADERS_TIMEOUT_MS must not be greater than CRMESH_RECEIVE_TIMEOUT_MS.");
}

function databaseUrlOf({ DATABASE_URL: value }: Record<string, string | undefined>): string | undefined {
  if (value === undefined || (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value))) return value;
  throw new ConfigError("DATABASE_URL must be a URL such as postgres://user:password@host:5432/database.");
}

function publicUrlOf({ CRMESH_PUBLIC_URL: value }: Record<string, string | undefined>): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new ConfigError("CRMESH_PUBLIC_URL must be an http or https URL without a path, e.g. https://crm.example.com.");
}

function corsOriginsOf({ CRMESH_CORS_ORIGINS: value = "" }: Record<string, string | undefined>): string[] {
  const origins = value.split(",").flatMap((part) => part.trim() || []);
  if (origins.every((origin) => /^https?:/.test(origin) && URL.parse(origin)?.origin === origin)) return origins;
  throw new ConfigError(
    "CRMESH_CORS_ORIGINS must be origins without a path and without a slash at the end, separated by commas, " +
      "e.g. https://app.example.com,http://localhost:3000.",
  );
}

function baseUrlsOf(set: Record<string, string | undefined>, registry: ProviderRegistry): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { slug } of registry.all) {
    const name = `CRMESH_${slug.toUpperCase()}_BASE_URL`;
    const value = set[name];
    if (value === undefined) continue;
    const parsed = baseUrl.safeParse(value);
    if (!parsed.success) throw new ConfigError(`${name} must be an http or https URL, e.g. http://127.0.0.1:8080.`);
    found.set(slug, parsed.data);
  }
  return found;
}

function oauthClientsOf(set: Record<string, string | undefined>, registry: ProviderRegistry): Config["oauthClients"] {
  const found = new Map<string, { id: string; secret: string }>();
  for (const { slug } of registry.all) {
    const [idName, secretName] = [
      `CRMESH_${slug.toUpperCase()}_CLIENT_ID`,
      `CRMESH_${slug.toUpperCase()}_CLIENT_SECRET`,
    ];
    const [id, secret] = [set[idName], set[secretName]];
    if (id === undefined && secret === undefined) continue;
    if (id === undefined || secret === undefined)
      throw new ConfigError(`${idName} and ${secretName} must be set together.`);
    found.set(slug, { id, secret });
  }
  return found;
}

function providerSettingsOf(
  set: Record<string, string | undefined>,
  registry: ProviderRegistry,
): Config["providerSettings"] {
  return new Map(
    registry.all.map(({ slug, settings = [] }) => {
      const chosen = settings.flatMap(({ name, variable }): [string, string][] => {
        const value = set[`CRMESH_${slug.toUpperCase()}_${variable}`];
        return value === undefined ? [] : [[name, value]];
      });
      return [slug, new Map(chosen)];
    }),
  );
}

function sentence({ path, message }: { path: PropertyKey[]; message: string }): string {
  return `${String(path[0])} has an invalid value: ${message.replace(/^Invalid (input|option): /, "")}.`;
}
