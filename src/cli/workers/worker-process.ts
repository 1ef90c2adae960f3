import cluster from "node:cluster";
import type { GuardedProcess } from "../process-guards.js";
import { isOurs, type ToPrimary, type ToWorker } from "./messages.js";

/**
 * The process of a worker, as `guardProcess` sees it. A worker stops if the primary tells it, if it gets SIGTERM itself, and
 * if the primary is gone. A terminal sends SIGINT to all processes, and a service manager SIGTERM: a worker that is told
 * twice must not take that for a second signal.
 */
export class WorkerProcess implements GuardedProcess {
  readonly #process: NodeJS.Process;
  #stop: () => void = () => undefined;
  #stopNow: () => void = () => undefined;
  #isStopping = false;
  #signals = 0;

  constructor(process: NodeJS.Process) {
    this.#process = process;
    // Without this, Node.js ends a worker without its requests when its primary is gone.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", () => {
      this.#signals += 1;
      this.stop({ now: this.#signals > 1 });
    });
    process.on("disconnect", () => this.stop({ now: false }));
    this.onMessage((message) => {
      if (message.crmesh === "stop") this.stop(message);
    });
  }

  stop({ now }: { now: boolean }): void {
    if (now) this.#stopNow();
    else if (!this.#isStopping) this.#stop();
    this.#isStopping = true;
  }

  /** Closes the channel to the primary, which would keep this process alive. */
  leave(): void {
    this.#stop = this.#stopNow = () => undefined;
    if (this.#process.connected) this.#process.disconnect();
  }

  /** Calls the listener with each message of the primary. */
  onMessage(listener: (message: ToWorker) => void): void {
    this.#process.on("message", (message: unknown) => {
      if (isOurs<ToWorker>(message)) listener(message);
    });
  }

  /** Sends nothing if the primary is gone. */
  send(message: ToPrimary): void {
    if (this.#process.connected) this.#process.send!(message);
  }

  on(event: string, listener: (subject: unknown) => void): void {
    if (event === "SIGTERM") this.#stop = () => listener(event);
    else if (event === "SIGINT") this.#stopNow = () => listener(event);
    else this.#process.on(event, listener);
  }

  exit(code: number): void {
    this.#process.exit(code);
  }
}
