/** Work that may outlive its request, e.g. saving a rotated token. Shutdown waits for it. */
export class InFlight {
  // Only a number: a list of the running work would keep the memory of finished requests alive (docs/performance.md).
  #running = 0;
  #onIdle: (() => void)[] = [];

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = work();
    this.#running += 1;
    return running.finally(() => this.#end());
  }

  /** Waits until no work is running. */
  async settled(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #end(): void {
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const notify of this.#onIdle.splice(0)) notify();
  }
}
