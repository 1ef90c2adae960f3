import {
  RateLimiterCluster,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterAbstract,
} from "rate-limiter-flexible";
import type { Config } from "../config.js";
import type { Logger } from "../observability/logger.js";
import type { Meters } from "../observability/telemetry/metrics.js";
import type { Clock } from "../upstream/clock.js";
import { MemoryLedger } from "../upstream/memory-ledger.js";
import { DividedLedger, type PaceLedger } from "../upstream/pace-ledger.js";
import { RedisLedger } from "../upstream/redis-ledger.js";
import { SharedLedger } from "../upstream/shared-ledger.js";
import { RedisConnection } from "./redis-connection.js";

/** Seconds in which the requests of an API key are counted. */
const KEY_WINDOW_S = 60;
/** Milliseconds in which the primary must answer a worker. */
const PRIMARY_MS = 5_000;
const PREFIX = "crmesh:key";

export interface LimitsOptions {
  config: Pick<Config, "workers" | "replicas" | "redisUrl" | "rateLimit">;
  clock: Clock;
  logger: Pick<Logger, "info" | "warn">;
  meters: Meters | null;
  /** The ledger of the primary, if this process is one of its workers. */
  ofPrimary?: ((alone: PaceLedger) => PaceLedger) | undefined;
}

/** What limits the calls to CRMs and the requests of keys, over all processes that serve. */
export interface Limits {
  /** Counts the calls to the CRMs. */
  ledger: PaceLedger;
  /** Counts the requests of API keys. */
  keys: RateLimiterAbstract;
  /** Counts them if the other one fails. */
  keysAlone: RateLimiterAbstract;
  /** Whether replicas count together, or each its share. Null without Redis. */
  readonly state: "shared" | "divided" | null;
  close(): void;
}

/**
 * Replicas count together in Redis. Without it, or while it is away, each replica has its share of every limit, which its
 * workers count together in their primary.
 */
export async function openLimits({ config, clock, logger, meters, ofPrimary }: LimitsOptions): Promise<Limits> {
  const { replicas, workers, redisUrl, rateLimit } = config;
  const monotonic = () => clock.monotonic();
  const memory = new MemoryLedger(monotonic);
  const ofMachine = ofPrimary ? ofPrimary(new DividedLedger(memory, workers)) : memory;
  const own = replicas > 1 ? new DividedLedger(ofMachine, replicas) : ofMachine;
  const points = Math.max(1, Math.floor(rateLimit / replicas));
  const perKey = { points, duration: KEY_WINDOW_S, keyPrefix: PREFIX };
  const keysAlone = new RateLimiterMemory({ ...perKey, points: Math.max(1, Math.floor(points / workers)) });
  const ownKeys = ofPrimary ? new RateLimiterCluster({ ...perKey, timeoutMs: PRIMARY_MS }) : keysAlone;
  if (redisUrl === undefined) return { ledger: own, keys: ownKeys, keysAlone, state: null, close: () => undefined };

  const redis = new RedisConnection({ url: redisUrl, logger, monotonic });
  await redis.open();
  meters?.observe("limitsShared", () => [{ value: redis.thereSince === null ? 0 : 1, labels: {} }]);
  const shared = new RedisLedger((script, keys, args) => redis.run(script, keys, args));
  return {
    ledger: new SharedLedger({ shared, own, thereSince: () => redis.thereSince, monotonic }),
    keys: new RateLimiterRedis({
      ...perKey,
      points: rateLimit,
      storeClient: redis.client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      insuranceLimiter: ownKeys,
    }),
    keysAlone,
    get state() {
      return redis.thereSince === null ? ("divided" as const) : ("shared" as const);
    },
    close: () => redis.close(),
  };
}
