import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Socket } from "node:net";
import { Client, type ClientConfig } from "pg";
import { CHANGE_CHANNEL, ChangeListeners, type StoreChange, type StoreChanges } from "./changes.js";
import type { ListenerClock } from "./driver.js";
import { withoutValues } from "./faults.js";

/** Milliseconds between two beats. */
const BEAT_MS = 1_500;
/** Milliseconds after which a beat that was not heard is lost, and the connection is replaced. */
const BEAT_TIMEOUT_MS = 4_000;
/** Milliseconds before a lost connection is replaced. */
const RECONNECT_MS = 1_000;
/** Milliseconds that the database has to take leave. */
const END_MS = 1_000;

export interface PostgresChangesOptions {
  config: ClientConfig;
  clock: ListenerClock;
  /** Called when the listening ends for a reason other than `close`, once for several failures in a row. */
  onLost: (error: unknown) => void;
}

/**
 * Hears the changes of a PostgreSQL by LISTEN. PostgreSQL delivers announcements in the order of their commits, so that a
 * beat which crmesh has sent and heard itself proves that it has heard all changes that were committed before. This also
 * works if a proxy closes connections silently, or pools them so that nothing is delivered: then no beat is heard.
 */
export class PostgresChanges implements StoreChanges {
  readonly #options: PostgresChangesOptions;
  readonly #listeners = new ChangeListeners();
  readonly #closing = new AbortController();
  /** Differs for each process, so that nobody hears the beats of others. */
  readonly #beatChannel = `crmesh_beat_${randomUUID().replaceAll("-", "")}`;
  /** What was read before this time may have changed unheard. */
  #since = Infinity;
  #heardAt = -Infinity;
  #isReported = false;
  #running: Promise<void> | null = null;

  constructor(options: PostgresChangesOptions) {
    this.#options = options;
  }

  /** The first call begins to listen, so that commands which remember nothing open no connection. */
  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#running ??= this.#listenUntilClosed();
    return this.#listeners.subscribe(listener);
  }

  heardUntil(readAt: number): number {
    return readAt >= this.#since ? Math.max(readAt, this.#heardAt) : readAt;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #listenUntilClosed(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#listen();
      } catch (error) {
        if (signal.aborted) return;
        if (!this.#isReported) this.#options.onLost(withoutValues(error));
        this.#isReported = true;
      }
      await this.#options.clock.sleep(RECONNECT_MS, signal).catch(() => undefined);
    }
  }

  /** Listens over one connection until it is lost. */
  async #listen(): Promise<void> {
    const { config, clock } = this.#options;
    const { signal } = this.#closing;
    const socket = new Socket();
    const client = new Client({ ...config, stream: () => socket });
    const ended = new AbortController();
    const end = (error: unknown) => ended.abort(error);
    // A connection error also rejects the waiting call. Without a listener, it would end the process.
    client.on("error", end);
    client.on("end", () => end(new Error("The connection has ended")));
    const close = () => end(signal.reason);
    signal.addEventListener("abort", close);
    const heard = new EventTarget();
    client.on("notification", ({ channel, payload = "" }) => {
      if (channel === CHANGE_CHANNEL) this.#listeners.announce(payload);
      else heard.dispatchEvent(new Event(payload));
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANGE_CHANNEL}`);
      await client.query(`listen ${this.#beatChannel}`);
      const listeningSince = clock.monotonic();
      for (let beat = 1; ; beat += 1) {
        ended.signal.throwIfAborted();
        const sentAt = clock.monotonic();
        await this.#beat(client, heard, String(beat), ended.signal);
        this.#since = listeningSince;
        this.#heardAt = sentAt;
        this.#isReported = false;
        await clock.sleep(BEAT_MS, ended.signal);
      }
    } finally {
      this.#since = Infinity;
      signal.removeEventListener("abort", close);
      const forced = setTimeout(() => socket.destroy(), END_MS);
      await client.end().catch(() => undefined);
      clearTimeout(forced);
    }
  }

  /** Sends a beat and waits until it is heard. */
  async #beat(client: Client, heard: EventTarget, beat: string, ended: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(BEAT_TIMEOUT_MS);
    const arrived = once(heard, beat, { signal: AbortSignal.any([ended, late]) });
    // Awaited below. It may reject before.
    arrived.catch(() => undefined);
    await client.query("select pg_notify($1, $2)", [this.#beatChannel, beat]);
    await arrived;
  }
}
