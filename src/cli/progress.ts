/** The used part of a stream such as `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

/** Tells a person which step of the start runs: by a line for each step, and on a terminal also by a spinner. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #step: { text: string; start: number } | null = null;
  #spinner: NodeJS.Timeout | undefined;

  /** @param now milliseconds of a monotonic clock */
  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
  }

  /** Ends the running step, and begins another. */
  begin(text: string): void {
    this.end();
    if (!this.#stream.isTTY) return void this.#stream.write(`${text} …\n`);
    this.#step = { text, start: this.#now() };
    let frame = 0;
    const draw = () => this.#stream.write(`${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${text} …`);
    draw();
    // The spinner must not keep a process alive that has failed.
    this.#spinner = setInterval(draw, FRAME_MS).unref();
  }

  /** Ends the running step, which was successful. */
  end(): void {
    this.#finish("✓");
  }

  /** Ends the running step, which failed. */
  fail(): void {
    this.#finish("✗");
  }

  #finish(mark: string): void {
    clearInterval(this.#spinner);
    if (!this.#step) return;
    const { text, start } = this.#step;
    this.#step = null;
    this.#stream.write(`${CLEAR_LINE}${mark} ${text}   ${((this.#now() - start) / 1000).toFixed(1)} s\n`);
  }
}
