import { readFileSync } from "node:fs";

/** Milliseconds that a process, ready to run, has waited for a core so far. 0 where the system does not say it. */
export function waitedForCoreMs(pid: number): number {
  try {
    // Nanoseconds: on a core, waiting for one. Then the number of its turns.
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}
