/**
 * Builds the pages on which people write queries into dist/explorer: GraphiQL with everything that it needs, so that it works
 * without a network, and the page of Apollo Sandbox. Each file is compressed, and has a hash of its content in its name.
 *
 *   node explorer/build.js [--if-needed]
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = join(ROOT, "explorer");
const OUT = join(ROOT, "dist/explorer");
const MANIFEST = join(OUT, "manifest.json");

const WORKERS = {
  editor: "monaco-editor/esm/vs/editor/editor.worker.js",
  json: "monaco-editor/esm/vs/language/json/json.worker.js",
  graphql: "monaco-graphql/esm/graphql.worker.js",
};

const key = await keyOfInputs();
if (!process.argv.includes("--if-needed") || (await builtKey()) !== key) await build();

async function build() {
  const started = performance.now();
  // Only if there is something to do, because loading it takes most of the time of a look.
  const esbuild = await import("esbuild");
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: {
      graphiql: "explorer/graphiql.tsx",
      sandbox: "explorer/sandbox.ts",
      icon: "explorer/icon.svg",
      ...Object.fromEntries(Object.entries(WORKERS).map(([name, path]) => [`${name}-worker`, path])),
    },
    outdir: OUT,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "react",
    tsconfigRaw: {},
    minify: true,
    legalComments: "none",
    loader: { ".ttf": "file", ".svg": "copy" },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  const manifest = { key, ...entries(metafile) };
  const styles = [manifest.graphiql.style, manifest.sandbox.style];
  // A script that is loaded later has its styles in the stylesheet of the page already.
  const files = outputFiles.filter(({ path }) => !path.endsWith(".css") || styles.includes(basename(path)));
  await mkdir(OUT, { recursive: true });
  const before = await readdir(OUT);
  const written = await Promise.all(files.map(write));
  await writeFile(join(OUT, "LICENSES.txt"), await licenses(metafile));
  // The manifest comes last, and as a whole: a server reads it at any time.
  await writeFile(`${MANIFEST}.new`, JSON.stringify(manifest));
  await rename(`${MANIFEST}.new`, MANIFEST);
  const current = new Set([...written.map(({ name }) => name), "manifest.json", "LICENSES.txt"]);
  await Promise.all(
    before.filter((name) => !current.has(name)).map((name) => rm(join(OUT, name), { recursive: true })),
  );
  const sum = (member) => Math.round(written.reduce((total, file) => total + file[member], 0) / 1024);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `Explorer: ${written.length} files, ${sum("size")} KB, compressed ${sum("compressed")} KB, in ${seconds} s`,
  );
}

/** Names of the files with which the pages and the workers begin. */
function entries({ outputs }) {
  const found = Object.entries(outputs).flatMap(([path, { entryPoint, cssBundle }]) =>
    entryPoint === undefined ? [] : [{ entryPoint, script: basename(path), style: basename(cssBundle ?? "") }],
  );
  const of = (suffix) => {
    const { script, style } = found.find(({ entryPoint }) => entryPoint.endsWith(suffix));
    return { script, style };
  };
  const icon = Object.keys(outputs).find((path) => path.endsWith(".svg"));
  const workers = Object.fromEntries(Object.entries(WORKERS).map(([name, path]) => [name, of(path).script]));
  return { icon: basename(icon), graphiql: of("graphiql.tsx"), sandbox: of("sandbox.ts"), workers };
}

async function write({ path, contents }) {
  const name = `${basename(path)}.gz`;
  const compressed = await promisify(gzip)(contents, { level: 9 });
  await writeFile(join(OUT, name), compressed);
  return { name, size: contents.length, compressed: compressed.length };
}

/** The licences of all packages of which something is in the bundle. */
async function licenses({ inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const texts = await Promise.all(
    [...packages].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
      const file = (await readdir(join(ROOT, folder))).find((each) => /^licen[cs]e/i.test(each));
      const text = file === undefined ? "" : await readFile(join(ROOT, folder, file), "utf8");
      return `${name} ${version}: ${license}\n\n${text.trim()}\n`;
    }),
  );
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Changes with everything from which the explorer is built. */
async function keyOfInputs() {
  const names = (await readdir(SOURCES)).sort();
  const paths = [...names.map((name) => join(SOURCES, name)), join(ROOT, "package-lock.json")];
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await readFile(path)).update("\0");
  return hash.digest("hex");
}

async function builtKey() {
  try {
    return JSON.parse(await readFile(MANIFEST, "utf8")).key;
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
