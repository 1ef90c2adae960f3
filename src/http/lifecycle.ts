/** What the process tells of itself on `/healthz` and `/readyz`. */
export class Lifecycle {
  #draining = false;
  #unhandledRejections = 0;

  /** True from the moment that the process is asked to stop; requests may still be taken for a while. */
  get draining(): boolean {
    return this.#draining;
  }

  get unhandledRejections(): number {
    return this.#unhandledRejections;
  }

  drain(): void {
    this.#draining = true;
  }

  /** @returns how many there are by now */
  countUnhandledRejection(): number {
    this.#unhandledRejections += 1;
    return this.#unhandledRejections;
  }
}
