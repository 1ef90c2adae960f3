/** Counts the requests of an interval that begins with the first of them. */
export class RequestWindow {
  readonly max: number;
  readonly #intervalMs: number;
  #startedAt = -Infinity;
  #count = 0;

  constructor(max: number, intervalMs: number) {
    this.max = max;
    this.#intervalMs = intervalMs;
  }

  /** Whether this request, or one that costs as much as several, still fits. */
  take(now: number, cost = 1): boolean {
    if (now - this.#startedAt >= this.#intervalMs) {
      this.#startedAt = now;
      this.#count = 0;
    }
    this.#count += cost;
    return this.#count <= this.max;
  }

  get remaining(): number {
    return Math.max(0, this.max - this.#count);
  }

  /** Milliseconds until the interval ends. */
  resetsIn(now: number): number {
    return Math.max(0, this.#startedAt + this.#intervalMs - now);
  }
}
