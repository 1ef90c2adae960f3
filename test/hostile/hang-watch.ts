import { Worker } from "node:worker_threads";

/** Milliseconds for which the event loop may stand still; a machine would have to be very busy. */
const HANG_MS = 60_000;
const BEAT_MS = 500;
const NAMES = 1_024;

/** Runs beside the tests: an event loop that stands still for good cannot end itself, nor can jest's time limits. */
const THREAD = `
  const { workerData: { shared, hangMs } } = require("node:worker_threads");
  const [beats, names] = [new Int32Array(shared, 0, 1), new Uint8Array(shared, 4)];
  let seen = 0;
  let since = performance.now();
  setInterval(() => {
    const beat = Atomics.load(beats, 0);
    if (beat !== seen) { seen = beat; since = performance.now(); return; }
    if (performance.now() - since < hangMs) return;
    const cases = Buffer.from(names).toString().replaceAll("\\0", "");
    require("node:fs").writeSync(2, "The event loop hangs; under way: " + cases + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, 1_000);
`;

/** Ends the process, and says which cases were under way, when one of them stops the event loop for good. */
export class HangWatch {
  readonly #shared = new SharedArrayBuffer(4 + NAMES);
  readonly #thread: Worker;
  readonly #beat: NodeJS.Timeout;

  constructor() {
    const beats = new Int32Array(this.#shared, 0, 1);
    this.#thread = new Worker(THREAD, { eval: true, workerData: { shared: this.#shared, hangMs: HANG_MS } });
    this.#beat = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS);
  }

  /** Notes what is under way, before it is. */
  note(seed: string, cases: Iterable<string>): void {
    const text = `HOSTILE_SEED=${seed} ${[...cases].join(" ")}`.slice(0, NAMES).padEnd(NAMES, "\0");
    new Uint8Array(this.#shared, 4).set(Buffer.from(text, "latin1").subarray(0, NAMES));
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#thread.terminate();
  }
}
