import { clearInterval, setInterval } from "node:timers";

/** Milliseconds between two lines. */
const INTERVAL_MS = 10_000;

/**
 * Prints how far a run is while it goes on. Without a terminal jest itself prints nothing between two finished files,
 * some of which take a minute. On a terminal its default reporter rewrites a status with the same numbers.
 *
 * @implements {Pick<import("@jest/reporters").Reporter, "onRunStart" | "onTestFileStart" | "onTestCaseResult" | "onTestFileResult" | "onRunComplete">}
 */
export default class ProgressReporter {
  #files = { done: 0, total: 0 };
  #cases = { done: 0, failed: 0 };
  #startedAt = performance.now();
  /** @type {Set<string>} */
  #running = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {import("@jest/reporters").AggregatedResult} results */
  onRunStart({ numTotalTestSuites }) {
    this.#files.total = numTotalTestSuites;
    if (process.stderr.isTTY) return;
    this.#timer = setInterval(() => process.stderr.write(`${this.#line()}\n`), INTERVAL_MS);
    this.#timer.unref();
  }

  /** @param {import("@jest/reporters").Test} file */
  onTestFileStart(file) {
    this.#running.add(nameOf(file));
  }

  /**
   * @param {import("@jest/reporters").Test} _file
   * @param {import("@jest/reporters").TestCaseResult} result
   */
  onTestCaseResult(_file, { status }) {
    this.#cases.done += 1;
    if (status === "failed") this.#cases.failed += 1;
  }

  /** @param {import("@jest/reporters").Test} file */
  onTestFileResult(file) {
    this.#files.done += 1;
    this.#running.delete(nameOf(file));
  }

  onRunComplete() {
    clearInterval(this.#timer);
  }

  #line() {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    const failed = this.#cases.failed > 0 ? ` (${this.#cases.failed} failed)` : "";
    const running = [...this.#running].join(", ");
    return `${seconds} s: ${this.#files.done} of ${this.#files.total} files, ${this.#cases.done} cases${failed}; running ${running}`;
  }
}

/** @param {import("@jest/reporters").Test} file */
function nameOf({ path, context }) {
  return path.slice(context.config.rootDir.length + 1);
}
