import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformFile } from "@swc/core";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { OLDEST_NODE, oldNodeProblem } from "../../src/cli/node-version.js";
import { swcOptions } from "../../swc.config.js";
import { Processes, type CrmeshProcess } from "../support/processes.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let built: string;
let processes: Processes;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), "crmesh-node-version-"));
  await mkdir(join(built, "cli"));
  await writeFile(join(built, "package.json"), '{ "type": "module" }');
  // The program itself is not there, so loading anything before the check ends with an error of Node's.
  for (const name of ["main", "node-version"]) {
    const { code } = await transformFile(join(ROOT, `src/cli/${name}.ts`), swcOptions("ts"));
    await writeFile(join(built, `cli/${name}.js`), code);
  }
  processes = new Processes(join(built, "cli/main.js"));
});
afterAll(async () => {
  await processes.end();
  await rm(built, { recursive: true, force: true });
});

/** Starts crmesh on a Node.js that says it is of this version. */
async function startOn(version: string): Promise<CrmeshProcess> {
  const preload = join(built, `node-${version}.mjs`);
  await writeFile(
    preload,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
  );
  return processes.start(["serve"], {}, ["--import", pathToFileURL(preload).href]);
}

test("a Node.js that is too old is refused before the program is loaded", async () => {
  const old = await startOn("20.20.2");
  expect(await old.exited).toEqual({ code: 1, signal: null });
  expect(old.output).toBe(`crmesh needs Node.js ${OLDEST_NODE} or later, but this is Node.js 20.20.2.\n`);
});

test("the oldest Node.js that is allowed goes on to load the program", async () => {
  const oldest = await startOn(`${OLDEST_NODE}.0`);
  await oldest.exited;
  expect(oldest.errors).toContain("ERR_MODULE_NOT_FOUND");
});

test.each([
  ["18.20.8", false],
  ["22.2.0", false],
  ["22.14.9", false],
  ["22.15.0", true],
  ["22.16.0-nightly20250401", true],
  ["24.0.0", true],
  ["100.0.0", true],
])("Node.js %s is new enough: %s", (version, expected) => {
  expect(oldNodeProblem(version) === null).toBe(expected);
});

test("the check and package.json name the same version", async () => {
  const { engines } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${OLDEST_NODE}`);
});
