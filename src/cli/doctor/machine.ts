import { existsSync } from "node:fs";
import { access, constants, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemReason } from "../../store/data-folder-fault.js";
import { oldNodeProblem } from "../node-version.js";
import type { Finding } from "./finding.js";

export function checkNode(version = process.versions.node): Finding {
  const problem = oldNodeProblem(version);
  if (problem === null) return { check: "node", status: "ok", message: `Node.js ${version}` };
  return { check: "node", status: "failed", message: problem, advice: "Install a newer Node.js." };
}

const GIB = 1024 ** 3;
/** Bytes. PostgreSQL needs room for its log of changes, and stops when it has none. */
const LOW = GIB;
const TOO_LOW = GIB / 5;

/** Checks the disk of the data folder, or of the folder in which it will be created. */
export async function checkDisk(dataDir: string): Promise<Finding> {
  const folder = existingFolder(resolve(dataDir));
  try {
    const { bavail, bsize } = await statfs(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return diskFinding(folder, bavail * bsize);
  } catch (error) {
    return {
      check: "disk",
      status: "failed",
      message: `The folder ${folder} cannot be used: ${systemReason(error) ?? String(error)}.`,
      advice: "Set CRMESH_DATA_DIR to a folder that this user can write to.",
    };
  }
}

export function diskFinding(folder: string, freeBytes: number): Finding {
  const message = `${(freeBytes / GIB).toFixed(1)} GiB are free for ${folder}`;
  if (freeBytes >= LOW) return { check: "disk", status: "ok", message };
  return {
    check: "disk",
    status: freeBytes >= TOO_LOW ? "warning" : "failed",
    message,
    advice: "Free some space: without it, the database cannot save anything. It needs 1 GiB in reserve.",
  };
}

function existingFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingFolder(dirname(path));
}
