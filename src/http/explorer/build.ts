import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { Logger } from "../../observability/logger.js";

/** In a checkout. An installed package contains the built explorer, and not what builds it. */
const SCRIPT = fileURLToPath(new URL("../../../explorer/build.js", import.meta.url));
/** Characters of the build's messages that the log gets. */
const MESSAGE_LIMIT = 2_000;

/** Builds the explorer in a process of its own, beside the running server, so that nobody waits for it at the start. */
export class ExplorerBuild {
  #state: "IDLE" | "RUNNING" | "FAILED" = "IDLE";
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  readonly #script: string;
  readonly #logger: Logger;

  /** @param script a program for Node.js that builds the explorer if it is missing or out of date */
  constructor(logger: Logger, script = SCRIPT) {
    this.#logger = logger;
    this.#script = script;
  }

  get state(): "IDLE" | "RUNNING" | "FAILED" {
    return this.#state;
  }

  /** Resolves when no build is running. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Does nothing outside of a checkout, or while a build is running. */
  start(): void {
    if (this.#child !== null || !existsSync(this.#script)) return;
    const child = spawn(process.execPath, [this.#script, "--if-needed"], { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    this.#state = "RUNNING";
    this.#ended = this.#watch(child);
  }

  /** Ends a build that is running. */
  async stop(): Promise<void> {
    this.#child?.kill();
    await this.#ended;
  }

  async #watch(child: ChildProcess): Promise<void> {
    let messages = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      messages = (messages + text).slice(-MESSAGE_LIMIT);
    });
    const problem = await new Promise<string | null>((resolve) => {
      child.once("error", ({ message }) => resolve(message));
      child.once("close", (code, signal) => resolve(code === 0 || signal === "SIGTERM" ? null : messages.trim()));
      if (child.pid !== undefined) yieldToServer(child.pid);
    });
    this.#child = null;
    this.#state = problem === null ? "IDLE" : "FAILED";
    if (problem !== null) this.#logger.warn({ problem }, "The explorer could not be built");
  }
}

/** Requests go first. */
function yieldToServer(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system has no priorities: then it builds like any other process.
  }
}
