import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version in the package.json of crmesh, which is in a folder above this file. */
export function crmeshVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const version = versionIn(join(folder, "package.json"));
    if (version !== null) return version;
    if (folder === dirname(folder)) throw new Error("The package.json of crmesh is missing.");
  }
}

function versionIn(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const { name, version } = JSON.parse(text) as { name?: string; version?: string };
  return name === "crmesh" && version !== undefined ? version : null;
}
