import { writeSync } from "node:fs";

/** Milliseconds that a line waits for a slow reader of a pipe. */
const PATIENCE_MS = 1_000;
/** Milliseconds between two attempts. */
const PAUSE_MS = 10;

/**
 * Writes log lines to a file descriptor, each before `write` returns, so that no line is lost when the process ends. A line
 * that cannot be written (a full disk, a reader who has gone) is lost, and the process continues.
 */
export class LogOutput {
  readonly #descriptor: number;
  readonly #report: (problem: string) => void;
  readonly #patienceMs: number;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  #isBroken = false;
  /** True if only a part of the last line was written. */
  #isCut = false;

  /** @param report called with the first of several failures in a row */
  constructor(descriptor: number, report: (problem: string) => void, patienceMs = PATIENCE_MS) {
    this.#descriptor = descriptor;
    this.#patienceMs = patienceMs;
    this.#report = report;
  }

  write(line: string): void {
    const bytes = Buffer.from(this.#isCut ? `\n${line}` : line);
    let written = 0;
    try {
      const end = performance.now() + this.#patienceMs;
      while (written < bytes.length) written += this.#writeSome(bytes, written, end);
      this.#isBroken = false;
    } catch (error) {
      if (!this.#isBroken) this.#report((error as Error).message);
      this.#isBroken = true;
    }
    if (written > 0) this.#isCut = written < bytes.length;
  }

  /** @returns 0 if the reader of a pipe must read first */
  #writeSome(bytes: Buffer, from: number, end: number): number {
    try {
      return writeSync(this.#descriptor, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > end) throw error;
      Atomics.wait(this.#pause, 0, 0, PAUSE_MS);
      return 0;
    }
  }
}
