import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redis/client";
import type { Logger } from "../observability/logger.js";

/** Milliseconds for one command. Longer waits would cost more than counting alone. */
const COMMAND_MS = 500;
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

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.client = createClient({
      url: options.url,
      disableOfflineQueue: true,
      commandOptions: { timeout: COMMAND_MS },
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

  /** @throws Error if Redis is away or does not answer in time */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.client.eval(script, { keys: [...keys], arguments: [...args] });
  }

  close(): void {
    this.#isReported = true;
    if (this.client.isOpen) this.client.destroy();
  }

  #found(): void {
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
