import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RefusedError } from "./command-errors.js";

export interface GeneratedOptions {
  write?: string;
  check?: string;
}

/** File name → text of the file. */
export type Pages = Readonly<Record<string, string>>;

/** Writes a generated file, or checks that it is up to date. @throws RefusedError if it is stale */
export async function generatedFile({ write, check }: GeneratedOptions, text: string): Promise<void> {
  if (write !== undefined) await writeFile(write, text);
  if (check !== undefined && (await readFile(check, "utf8").catch(() => null)) !== text) throw stale(check);
}

/** The same for a folder that contains only generated files. */
export async function generatedFolder({ write, check }: GeneratedOptions, pages: Pages): Promise<void> {
  if (write !== undefined) {
    await rm(write, { recursive: true, force: true });
    await mkdir(write, { recursive: true });
    for (const [name, text] of Object.entries(pages)) await writeFile(join(write, name), text);
  }
  if (check === undefined) return;
  const kept = (await readdir(check).catch(() => [])).sort();
  if (JSON.stringify(kept) !== JSON.stringify(Object.keys(pages).sort())) throw stale(check);
  for (const [name, text] of Object.entries(pages)) await generatedFile({ check: join(check, name) }, text);
}

function stale(path: string): RefusedError {
  return new RefusedError(`${path} is stale: run npm run generate.`);
}
