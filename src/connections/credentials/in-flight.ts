/** Work that may outlive its request, e.g. saving a rotated token. Shutdown waits for it. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  /** Waits until no work is running. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
