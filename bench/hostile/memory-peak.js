import { clearInterval, setInterval } from "node:timers";
import { heapAfterGc } from "./garbage.js";

/** Milliseconds between two looks at the memory. */
const EVERY_MS = 5;

/** The highest use of memory between two moments, over what was in use at the first of them. */
export class MemoryPeak {
  #base = 0;
  #peak = 0;
  #timer = null;

  begin() {
    this.#base = heapAfterGc();
    this.#peak = this.#base;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** In MB. What is garbage counts until it is collected, as it takes room until then. */
  end() {
    this.#look();
    clearInterval(this.#timer);
    return this.#peak - this.#base;
  }

  #look() {
    const { heapUsed, external } = process.memoryUsage();
    this.#peak = Math.max(this.#peak, (heapUsed + external) / 2 ** 20);
  }
}
