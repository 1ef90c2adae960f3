/**
 * Builds `dist` from `src`. SWC removes the types and does not check them: `npm run check` does. A file that has not changed
 * is not written again, because a running process may be loading it.
 *
 * `node build.js [--progress] [--out <folder>]`: with `--progress` it says what it does, for a person who waits for the server.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { transform } from "@swc/core";
import { browserOptions, swcOptions } from "./swc.config.js";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const SOURCES = join(ROOT, "src");

/**
 * Compiles the sources, and deletes compiled files whose source is gone. Returns the number of sources.
 * @param {string} target the folder for the compiled files
 */
export async function compileSources(target) {
  const [sources, compiled] = await Promise.all([filesIn(SOURCES), filesIn(target)]);
  const outputs = new Set(await Promise.all(sources.map((name) => compile(name, target))));
  const isStale = (name) =>
    extname(name) === ".js" && !outputs.has(name) && sources.some((source) => sameRoom(source, name));
  await Promise.all(compiled.filter(isStale).map((name) => rm(join(target, name))));
  return sources.length;
}

const sameRoom = (source, name) => source.split("/")[0] === name.split("/")[0];

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Compiles one source, or copies a file that is none. Returns the name of the file in `dist`. */
async function compile(name, target) {
  const source = await readFile(join(SOURCES, name), "utf8");
  if (!/\.tsx?$/.test(name)) {
    await writeIfChanged(join(target, name), source);
    return name;
  }
  const output = name.replace(/\.tsx?$/, ".js");
  const isForBrowsers = name.startsWith("connect/browser/");
  const options = isForBrowsers ? browserOptions : swcOptions(extname(name).slice(1));
  const { code } = await transform(source, { ...options, filename: join(SOURCES, name) });
  const isChanged = await writeIfChanged(join(target, output), code);
  const types = join(target, name.replace(/\.ts$/, ".d.ts"));
  if (isForBrowsers && (isChanged || !existsSync(types))) await writeIfChanged(types, await typesOf(source));
  return output;
}

/** The types of a script for browsers: `/connect.d.ts` serves them. */
async function typesOf(source) {
  const { default: ts } = await import("typescript");
  return ts.transpileDeclaration(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
}

async function writeIfChanged(file, text) {
  if ((await readFile(file, "utf8").catch(() => null)) === text) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return true;
}

/** The archive of `src/store/prepared-database.ts`. It is ready if it is of these migrations and this PGlite. */
async function preparedDatabase(target) {
  const archive = join(target, "store/prepared-database.tar.gz");
  const migrations = join(target, "store/migrations");
  const hash = createHash("sha256").update(
    await readFile(join(ROOT, "node_modules/@electric-sql/pglite/package.json")),
  );
  for (const name of (await readdir(migrations)).sort()) hash.update(await readFile(join(migrations, name)));
  const key = hash.digest("hex");
  return {
    isReady: existsSync(archive) && (await readFile(`${archive}.key`, "utf8").catch(() => null)) === key,
    prepare: async () => {
      const { createPreparedDatabase } = await import(pathToFileURL(join(target, "store/prepared-database.js")).href);
      const draft = `${archive}.${process.pid}`;
      await writeFile(draft, (await createPreparedDatabase()).stream());
      await rename(draft, archive);
      await writeFile(`${archive}.key`, key);
    },
  };
}

/** Says what takes how long, if a person waits for it. */
async function step(isShown, text, work) {
  if (!isShown) return work();
  const start = performance.now();
  process.stderr.write(`${text} …`);
  await work();
  process.stderr.write(`   ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { progress: { type: "boolean", default: false }, out: { type: "string", default: join(ROOT, "dist") } },
  });
  const target = resolve(values.out);
  await step(values.progress, "Compiling the sources", () => compileSources(target));
  const database = await preparedDatabase(target);
  if (!database.isReady) await step(values.progress, "Preparing the embedded database", () => database.prepare());
}
