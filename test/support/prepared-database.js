import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const manifest = readFileSync(join(modules, "@electric-sql/pglite/package.json"), "utf8");

/**
 * The folder of an empty embedded database. Tests open copies of it: creating a database takes seconds of the processor
 * and a gigabyte of memory, opening one a fraction of both.
 */
export const PREPARED_DATABASE = join(modules, ".cache/crmesh-tests", `pglite-${JSON.parse(manifest).version}`);

/** Creates that folder before the first test, unless an earlier run has. */
export default async function prepareDatabase() {
  if (existsSync(PREPARED_DATABASE)) return;
  await mkdir(dirname(PREPARED_DATABASE), { recursive: true });
  const draft = await mkdtemp(`${PREPARED_DATABASE}.`);
  try {
    await (await PGlite.create(draft)).close();
    await rename(draft, PREPARED_DATABASE);
  } catch (error) {
    // Another run may have been first.
    if (!existsSync(PREPARED_DATABASE)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
