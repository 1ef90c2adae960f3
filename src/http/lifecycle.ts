/** State of the process that `/healthz` and `/readyz` report. */
export class Lifecycle {
  /** The workers of this machine. Null for a process that is no worker. */
  workers: { ready: number; expected: number } | null = null;
  #draining = false;
  #unhandledRejections = 0;

  /** True once the process was asked to stop. It may still take requests for a while. */
  get draining(): boolean {
    return this.#draining;
  }

  get unhandledRejections(): number {
    return this.#unhandledRejections;
  }

  drain(): void {
    this.#draining = true;
  }

  /** @returns the number of unhandled rejections so far */
  countUnhandledRejection(): number {
    this.#unhandledRejections += 1;
    return this.#unhandledRejections;
  }
}
