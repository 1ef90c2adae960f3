import type { Worker } from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../observability/logger.js";
import { answerFrom } from "../../limits/worker-ledger.js";
import type { PaceLedger } from "../../upstream/pace-ledger.js";
import { isOurs, type ToPrimary, type ToWorker } from "./messages.js";

/** Milliseconds before a worker that ended is replaced: the first time, and each further time twice as long. */
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 30_000;
/** Milliseconds after which a worker that has served so long is replaced as if it were the first one that ended. */
const STEADY_MS = 60_000;
/** Milliseconds in which a worker must send its metrics. */
const COLLECT_MS = 4_000;

export interface WorkerEnd {
  code: number | null;
  signal: string | null;
}

export interface PoolOptions {
  /** Starts a process for the worker of this number. */
  fork: (number: number) => Worker;
  /** The first message to a worker. */
  begin: (number: number) => ToWorker;
  expected: number;
  /** Counts the calls of all workers. */
  ledger: PaceLedger;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Called whenever a worker that ended is replaced. */
  onRestart?: () => void;
}

interface Place {
  number: number;
  worker: Worker;
  startedAt: number;
  isReady: boolean;
  /** How often its worker has ended soon after its start. */
  failures: number;
}

export type Listening = Extract<ToPrimary, { crmesh: "listening" }>;

/** A worker ended before the server was ready. It has said why. */
export class WorkerFailedError extends Error {
  override readonly name = "WorkerFailedError";

  constructor(readonly exitCode: number) {
    super("A worker ended before it was ready");
  }
}

/** The workers of a primary: it starts them, replaces those that end, and stops them. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #places = new Map<number, Place>();
  readonly #stopping = new AbortController();
  readonly #ended = new Map<number, Promise<WorkerEnd>>();
  readonly #replacements = new Set<Promise<void>>();
  readonly #collections = new Map<number, (text: string | null) => void>();
  #collected = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get expected(): number {
    return this.#options.expected;
  }

  /** Number of workers that take requests. */
  get ready(): number {
    return [...this.#places.values()].filter(({ isReady }) => isReady).length;
  }

  /**
   * Starts the first worker and then, when it listens, all others, so that a problem of the start is told once.
   * @returns what the first worker says
   * @throws WorkerFailedError
   */
  async start(): Promise<Listening> {
    const first = await this.#begin(1, 0);
    const others = Array.from({ length: this.expected - 1 }, (_, index) => this.#begin(index + 2, 0));
    await Promise.all(others);
    return first;
  }

  /** Tells all workers to stop, and replaces none any more. */
  stop(how: { now: boolean }): void {
    this.#stopping.abort();
    this.#tellAll({ crmesh: "stop", ...how });
  }

  /** Waits until all workers have ended after `stop`. @throws Error if one did not end well */
  async close(): Promise<void> {
    this.stop({ now: false });
    await Promise.all(this.#replacements);
    const ends = await Promise.all(this.#ended.values());
    const failed = ends.filter(({ code }) => code !== 0);
    if (failed.length > 0) throw new Error(`${failed.length} of ${ends.length} workers did not end well`);
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const { worker } of this.#places.values()) worker.process.kill("SIGKILL");
  }

  /** The metrics of each worker that sends them in time. */
  async collect(): Promise<string[]> {
    const texts = await Promise.all([...this.#places.values()].map(({ worker }) => this.#collectFrom(worker)));
    return texts.flatMap((text) => text ?? []);
  }

  async #collectFrom(worker: Worker): Promise<string | null> {
    const id = (this.#collected += 1);
    const answered = Promise.withResolvers<string | null>();
    this.#collections.set(id, answered.resolve);
    const late = setTimeout(() => answered.resolve(null), COLLECT_MS);
    tell(worker, { crmesh: "collect", id });
    const text = await answered.promise;
    clearTimeout(late);
    this.#collections.delete(id);
    return text;
  }

  async #pace(worker: Worker, { id, question }: Extract<ToPrimary, { crmesh: "pace" }>): Promise<void> {
    const waitMs = await answerFrom(this.#options.ledger, question);
    if (waitMs !== null) tell(worker, { crmesh: "paced", id, waitMs });
  }

  /** @param failures how often workers at this place have ended soon after their start */
  #begin(number: number, failures: number): Promise<Listening> {
    const worker = this.#options.fork(number);
    const place: Place = { number, worker, startedAt: performance.now(), isReady: false, failures };
    this.#places.set(number, place);
    const listening = Promise.withResolvers<Listening>();
    worker.on("message", (message: unknown) => {
      if (!isOurs<ToPrimary>(message)) return;
      if (message.crmesh === "pace") return void this.#pace(worker, message);
      if (message.crmesh === "metrics") return this.#collections.get(message.id)?.(message.text);
      place.isReady = true;
      this.#options.logger.info({ worker: number, workerPid: worker.process.pid }, "Worker ready");
      this.#tellNumbers();
      listening.resolve(message);
    });
    // A message to a worker that has just ended fails. Its end is handled below.
    worker.on("error", (err) => this.#options.logger.warn({ worker: number, err }, "A message to a worker was lost"));
    const ended = new Promise<WorkerEnd>((resolve) => {
      worker.once("exit", (code, signal) => resolve({ code: signal ? null : code, signal: signal || null }));
    });
    this.#ended.set(number, ended);
    void ended.then((end) => {
      const wasReady = place.isReady;
      this.#places.delete(number);
      this.#tellNumbers();
      if (this.#stopping.signal.aborted) return listening.reject(new WorkerFailedError(end.code ?? 1));
      if (wasReady || failures > 0) this.#replaceLater(place, end);
      else listening.reject(new WorkerFailedError(end.code ?? 1));
    });
    tell(worker, this.#options.begin(number));
    if (failures > 0) listening.promise.catch(() => undefined);
    return listening.promise;
  }

  #replaceLater({ number, startedAt, failures }: Place, end: WorkerEnd): void {
    const again = performance.now() - startedAt >= STEADY_MS ? 1 : failures + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (again - 1), MAX_PAUSE_MS);
    // Whoever tells a worker to stop gets a new one.
    const level = end.code === 0 ? "warn" : "error";
    this.#options.logger[level]({ worker: number, ...end, pauseMs }, "A worker ended; another one is started");
    const replacement = this.#replace(number, again, pauseMs).finally(() => this.#replacements.delete(replacement));
    this.#replacements.add(replacement);
  }

  async #replace(number: number, failures: number, pauseMs: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return void this.#ended.delete(number);
    this.#options.onRestart?.();
    void this.#begin(number, failures);
  }

  #tellNumbers(): void {
    this.#tellAll({ crmesh: "workers", ready: this.ready, expected: this.expected });
  }

  #tellAll(message: ToWorker): void {
    for (const { worker } of this.#places.values()) tell(worker, message);
  }
}

function tell(worker: Worker, message: ToWorker): void {
  // The callback takes the error of a worker that has just ended, which would be thrown otherwise.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
