import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const LOCK = `${FOLDER}package-lock.json`;
/** The lock of what is installed. */
const INSTALLED = `${FOLDER}node_modules/.installed-lock.json`;

/** Installs the packages of this folder, which the root does not need, unless they are there as its lock says. */
export function installPeers() {
  if (textOf(INSTALLED) === textOf(LOCK)) return;
  execFileSync("npm", ["--prefix", FOLDER, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  copyFileSync(LOCK, INSTALLED);
}

/** @returns null for a file that is not there */
function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
