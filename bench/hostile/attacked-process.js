import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess } from "../processes.js";
import { openTargets } from "./targets.js";

/** Milliseconds without a word after which the process hangs. */
const HANG_MS = 20_000;
/** Milliseconds within which the end of a process is known. */
const END_MS = 2_000;
/** Milliseconds between two looks whether it does. */
const WATCH_MS = 1_000;

/** The sandbox CRMs in a process of their own, and crmesh in another, which is started anew when a case ends it. */
export class AttackedProcess {
  targets = null;
  /** The server's { url, keys, …Credentials }. */
  server = null;
  #options;
  #sandbox = null;
  #process = null;
  #dataDir = null;

  /** @param options for server-process.js: { settings, circuit } */
  constructor(options = {}) {
    this.#options = options;
  }

  async open() {
    this.#sandbox ??= await startProcess("sandbox-process.js");
    const { origins, credentials } = this.#sandbox.ready;
    this.#dataDir = await mkdtemp(join(tmpdir(), "crmesh-hostile-"));
    this.#process = await startProcess("hostile/server-process.js", {
      dataDir: this.#dataDir,
      origins,
      ...this.#options,
    });
    this.server = {
      ...this.#process.ready,
      liveCredentials: credentials,
      // Of an account of its own, which nobody else changes.
      politeCredentials: { hubspot: { accessToken: "pat-sandbox-polite" } },
    };
    this.targets = await openTargets(this.server);
  }

  ask(question) {
    return this.#process.ask(question);
  }

  /** Runs work on the server. @returns null, or how the work ended the server: { how: "ended" | "hung", reason } */
  async watch(work) {
    let isDone = false;
    const end = this.ask("untilTheEnd").catch(async () => ({ how: "ended", reason: await this.#crash() }));
    const hang = async () => {
      while (!isDone) {
        const answered = await Promise.race([
          this.ask("usage").catch(() => null),
          delay(HANG_MS, "silent", { ref: false }),
        ]);
        if (answered === "silent") return { how: "hung", reason: `for more than ${HANG_MS / 1000} s` };
        if (answered === null) return end;
        await delay(WATCH_MS);
      }
      return null;
    };
    const done = work().then(
      () => null,
      async (error) => {
        // Work fails under a server that ends; whether it did, is known a moment later.
        const known = await Promise.race([end, delay(END_MS, null, { ref: false })]);
        if (!known) throw error;
        return known;
      },
    );
    const failure = await Promise.race([done, end, hang()]);
    isDone = true;
    return failure;
  }

  /** Ends the server, however it is. */
  async kill() {
    try {
      process.kill(this.server.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
    await this.#process.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async close() {
    await this.kill();
    await this.#sandbox.stop();
  }

  async #crash() {
    const told = await readFile(join(this.#dataDir, "crash.txt"), "utf8").catch(() => "without a word");
    return told.split("\n").slice(0, 2).join(" ").slice(0, 200);
  }
}
