const HOUR = 60 * 60 * 1000;
const HOURS = 24;

/** Counts the API calls of one org over the last 24 hours. */
export class DailyUsage {
  readonly #max: number;
  readonly #byHour = new Map<number, number>();

  constructor(max: number) {
    this.#max = max;
  }

  get max(): number {
    return this.#max;
  }

  count(now: number): void {
    const hour = Math.floor(now / HOUR);
    this.#byHour.set(hour, (this.#byHour.get(hour) ?? 0) + 1);
  }

  used(now: number): number {
    const firstHour = Math.floor(now / HOUR) - HOURS + 1;
    let sum = 0;
    for (const [hour, calls] of this.#byHour) {
      if (hour >= firstHour) sum += calls;
      else this.#byHour.delete(hour);
    }
    return sum;
  }
}
