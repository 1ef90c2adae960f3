import { subscribe } from "node:diagnostics_channel";
import { setInterval } from "node:timers";

/** Milliseconds between two looks at the clock. */
const EVERY_MS = 10;
/** As many requests are named at most. */
const MOST_NAMES = 8;

/**
 * Notices when this process's event loop stands still, and which requests were under way. A gap in which the process had no
 * processor is the machine's, so a gap counts only as far as the process used CPU in it.
 */
export class StallWatch {
  #inFlight = new Set();
  /** Of requests that began since the last look at the clock; they may have ended, too. */
  #begun = new Set();
  #longest = { ms: 0, requests: [] };
  #lastLook = performance.now();
  #lastCpu = cpuMs();

  constructor() {
    subscribe("http.server.request.start", ({ request, response }) => {
      const id = request.headers["x-request-id"];
      if (id === undefined) return;
      this.#inFlight.add(id);
      this.#begun.add(id);
      response.once("close", () => this.#inFlight.delete(id));
    });
    setInterval(() => this.#look(), EVERY_MS).unref();
  }

  /** The longest since the last call. */
  take() {
    this.#look();
    const longest = this.#longest;
    this.#longest = { ms: 0, requests: [] };
    return longest;
  }

  #look() {
    const now = performance.now();
    const cpu = cpuMs();
    const ms = Math.min(now - this.#lastLook - EVERY_MS, cpu - this.#lastCpu);
    if (ms > this.#longest.ms) {
      this.#longest = { ms, requests: [...new Set([...this.#begun, ...this.#inFlight])].slice(0, MOST_NAMES) };
    }
    this.#begun.clear();
    this.#lastLook = now;
    this.#lastCpu = cpu;
  }
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
