import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What `npm run build` makes of the program. */
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const READY = /^crmesh is ready: (\S+)\/graphql/m;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A crmesh of its own: the built program in a process. */
export class CrmeshProcess {
  /** What it wrote so far, to standard output and standard error. */
  output = "";
  /** What it wrote to standard error alone: a refusal to start, for one. */
  errors = "";
  /** Where it listens, once it is ready; rejected where it ends before. */
  readonly origin: Promise<string>;
  readonly exited: Promise<Exit>;
  /** How it ended; null while it runs. */
  ended: Exit | null = null;
  readonly #child: ChildProcess;

  /** @param nodeOptions options of Node's own */
  constructor(
    main: string,
    args: readonly string[],
    environment: Record<string, string>,
    nodeOptions: readonly string[] = [],
  ) {
    if (!existsSync(main)) throw new Error(`${main} is not there: npm run build makes it.`);
    const child = spawn(process.execPath, [...nodeOptions, main, ...args], {
      // Nothing is inherited: a variable of the shell must not decide what is tested.
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.exited = new Promise((resolve, reject) => {
      child.once("error", reject);
      // Not "exit": the last lines may still be on their way then.
      child.once("close", (code, signal) => resolve((this.ended = { code, signal })));
    });
    this.origin = new Promise((resolve, reject) => {
      const add = (text: string) => {
        this.output += text;
        const origin = READY.exec(this.output)?.[1];
        if (origin !== undefined) resolve(origin);
      };
      child.stdout.setEncoding("utf8").on("data", add);
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        this.errors += text;
        add(text);
      });
      this.exited.then(
        ({ code, signal }) => reject(new Error(`crmesh ended (${code ?? signal}) before it was ready: ${this.output}`)),
        reject,
      );
    });
    // Those that are meant not to start are asked how they ended, not where they listen.
    this.origin.catch(() => undefined);
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<Exit> {
    this.terminate();
    return this.exited;
  }

  /** Asks it to end. */
  terminate(): void {
    this.signal("SIGTERM");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** The processes of one test file, all of which are gone when it ends. */
export class Processes {
  readonly #started: CrmeshProcess[] = [];
  readonly #main: string;

  /** @param main the compiled src/cli/main.ts */
  constructor(main = MAIN) {
    this.#main = main;
  }

  start(args: readonly string[], environment: Record<string, string>, nodeOptions?: readonly string[]): CrmeshProcess {
    const started = new CrmeshProcess(this.#main, args, environment, nodeOptions);
    this.#started.push(started);
    return started;
  }

  /** All that any of them wrote. */
  get output(): string {
    return this.#started.map(({ output }) => output).join("\n");
  }

  async end(): Promise<void> {
    await Promise.all(this.#started.map((one) => one.kill()));
  }
}
