import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, linkIfFree, readIfThere } from "./files.js";

/** Another process, or this one, has the data folder open. */
export class StoreInUseError extends Error {
  override readonly name = "StoreInUseError";

  constructor(
    folder: string,
    readonly pid: number,
  ) {
    super(`The data folder ${folder} is in use by process ${pid}. Stop that process first.`);
  }
}

/** Releases the lock. May be called again. */
export type Release = () => Promise<void>;

/**
 * Takes `<folder>/lock` for this process. The file contains the pid and start time of its owner. A lock is taken over if
 * its owner is dead, also if another process has its pid now: in a container, that is nearly always pid 1. The lock works
 * between processes of one machine or container, but not between two containers that share a volume.
 *
 * @throws StoreInUseError
 */
export async function acquireLock(folder: string): Promise<Release> {
  const path = join(folder, "lock");
  const token = randomUUID();
  const mine = `${process.pid} ${startOf(process.pid)} ${token}\n`;
  const draft = `${path}.${token}`;
  await writeFile(draft, mine, { mode: 0o600, flag: "wx" });
  try {
    while (!(await linkIfFree(draft, path))) {
      const theirs = await readIfThere(path);
      if (theirs === null) continue;
      refuseIfHeld(folder, theirs);
      if (await takenOver(folder, draft, theirs)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readIfThere(path)) === mine) await rm(path, { force: true });
  };
}

/**
 * Replaces a dead owner's lock by ours. Several processes may find the same dead lock. Only the one that creates the claim
 * file may replace it, and only if the lock is still the same.
 */
async function takenOver(folder: string, draft: string, dead: string): Promise<boolean> {
  const path = join(folder, "lock");
  const claim = `${path}.claim-${createHash("sha256").update(dead).digest("hex").slice(0, 16)}`;
  if (!(await linkIfFree(draft, claim))) {
    const claimant = await readIfThere(claim);
    if (claimant !== null) {
      refuseIfHeld(folder, claimant);
      await rm(claim, { force: true });
    }
    return false;
  }
  try {
    if ((await readIfThere(path)) !== dead) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

function refuseIfHeld(folder: string, content: string): void {
  const [pidText, start] = content.split(" ");
  const pid = Number(pidText);
  if (Number.isInteger(pid) && pid > 0 && isRunning(pid, start ?? UNKNOWN)) throw new StoreInUseError(folder, pid);
}

function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists, and belongs to another user.
    if (codeOf(error) !== "EPERM") return false;
  }
  const actual = statOf(pid);
  if (actual === null) return true;
  return !actual.ended && (start === UNKNOWN || actual.start === start);
}

/** In place of a start time, on systems without /proc. Then only the pid is compared. */
const UNKNOWN = "-";

function startOf(pid: number): string {
  return statOf(pid)?.start ?? UNKNOWN;
}

/**
 * Reads /proc/<pid>/stat after the `)` of the process name: the state (field 3) and the start in ticks since boot
 * (field 22). A zombie has ended; in a container, its parent may never collect it.
 */
function statOf(pid: number): { ended: boolean; start: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { ended: fields[0] === "Z" || fields[0] === "X", start: fields[19] ?? UNKNOWN };
  } catch {
    return null;
  }
}
