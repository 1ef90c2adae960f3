import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redis/client";
import type { Logger } from "../observability/logger.js";

/** Milliseconds for one command. Longer waits would cost more than counting alone. */
const COMMAND_MS = 1_000;
const CONNECT_MS = 2_000;
/** Milliseconds between two attempts to connect. */
const RECONNECT_MS = 500;

export interface RedisConnectionOptions {
  url: string;
  logger: Pick<Logger, "info" | "warn">;
  monotonic: () => number;
}

/** The connection to the Redis in which replicas count together. While it is away, every command fails at once. */
export class RedisConnection {
  readonly client;
  readonly #options: RedisConnectionOptions;
  #thereSince: number | null = null;
  #wasThere = false;
  #isReported = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.client = createClient({
      url: options.url,
      disableOfflineQueue: true,
      // For commands of others, such as rate-limiter-flexible.
      commandOptions: { timeout: 2 * COMMAND_MS },
      socket: { connectTimeout: CONNECT_MS, reconnectStrategy: () => RECONNECT_MS },
    });
    this.client.on("error", (error: unknown) => this.#lost(error));
    this.client.on("reconnecting", () => this.#lost(new Error("The connection has ended")));
    this.client.on("ready", () => this.#found());
  }

  /** Since when commands work without a break, in milliseconds of the monotonic clock. -Infinity: since the start; null: they do not. */
  get thereSince(): number | null {
    return this.client.isReady ? this.#thereSince : null;
  }

  /** Connects, and goes on trying in the background if that takes too long. */
  async open(): Promise<void> {
    const connected = this.client.connect().catch((error: unknown) => this.#lost(error));
    const left = new AbortController();
    await Promise.race([connected, delay(CONNECT_MS, undefined, { signal: left.signal }).catch(() => undefined)]);
    left.abort();
    if (!this.client.isReady) this.#lost(new Error("Redis does not answer"));
  }

  /** @throws Error if Redis is away or does not answer in time; it then counts as away until it answers again */
  async run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const { thereSince } = this;
    if (thereSince === null) throw new Error("Redis is away");
    try {
      return await inTime(this.client.eval(script, { keys: [...keys], arguments: [...args] }));
    } catch (error) {
      // Others may have told it meanwhile, and it may even be there again.
      if (this.#thereSince === thereSince) {
        this.#lost(error);
        this.#ask();
      }
      throw error;
    }
  }

  close(): void {
    this.#isReported = true;
    clearTimeout(this.#timer);
    if (this.client.isOpen) this.client.destroy();
  }

  /** Asks a Redis that does not answer, over a connection that stands, until it answers. */
  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.client.isReady || this.#thereSince !== null) return;
      inTime(this.client.ping()).then(
        () => this.#found(),
        () => this.#ask(),
      );
    }, RECONNECT_MS).unref();
  }

  #found(): void {
    if (this.#thereSince !== null) return;
    this.#thereSince = this.#wasThere || this.#isReported ? this.#options.monotonic() : -Infinity;
    this.#wasThere = true;
    if (this.#isReported) this.#options.logger.info("Redis is there again; limits are counted with other replicas");
    this.#isReported = false;
  }

  #lost(err: unknown): void {
    this.#thereSince = null;
    if (this.#isReported) return;
    this.#isReported = true;
    this.#options.logger.warn({ err }, "Redis is away; this replica counts its share of the limits alone");
  }
}

/** Waits for an answer. If this process was busy until the time was over, an answer that has come meanwhile counts. */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    setImmediate(() => setImmediate(() => late.reject(new Error("Redis does not answer in time"))));
  }, COMMAND_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
    late.promise.catch(() => undefined);
  }
}
