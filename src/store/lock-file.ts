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
    super(`The data folder ${folder} is in use by process ${pid}; stop it first.`);
  }
}

/** Gives the lock back; harmless when repeated. */
export type Release = () => Promise<void>;

/**
 * Takes `<folder>/lock` for this process. It holds the pid and start time of its owner: a lock whose owner is dead is
 * taken over, also when its pid has been given to another process since (in a container it is nearly always pid 1).
 * It guards processes of one machine, or of one container, against each other; not two containers sharing a volume.
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
 * Replaces the dead owner's lock by ours. Of several processes that found the same dead lock, only the one that
 * creates the claim named after it may replace it, and only while it still is that lock.
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
    // EPERM: there is such a process, of another user.
    if (codeOf(error) !== "EPERM") return false;
  }
  const actual = statOf(pid);
  if (actual === null) return true;
  return !actual.ended && (start === UNKNOWN || actual.start === start);
}

/** Where the system does not tell start times, a pid alone has to do. */
const UNKNOWN = "-";

function startOf(pid: number): string {
  return statOf(pid)?.start ?? UNKNOWN;
}

/**
 * What /proc/<pid>/stat says of a process, counted behind its name's `)`: the state (field 3; a zombie has ended, its
 * parent only has not asked yet, which in a container may never happen) and the start in ticks since boot (field 22).
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
