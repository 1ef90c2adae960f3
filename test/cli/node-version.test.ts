import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { parseFile, transformFile } from "@swc/core";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
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

/** The options with which a Node.js says that it is of this version. */
async function optionsOf(version: string): Promise<string[]> {
  const preload = join(built, `node-${version}.mjs`);
  await writeFile(
    preload,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
  );
  return ["--import", pathToFileURL(preload).href];
}

async function startOn(version: string): Promise<CrmeshProcess> {
  return processes.start(["serve"], {}, await optionsOf(version));
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

describe("an old Node.js can read what refuses it", () => {
  const FILES = ["main", "node-version"];

  test.each(FILES)("src/cli/%s.ts has no syntax that is newer than Node.js 12", async (name) => {
    const file = join(ROOT, `src/cli/${name}.ts`);
    const forTarget = (target: "es2019" | "es2024") => {
      const options = swcOptions("ts");
      return transformFile(file, { ...options, jsc: { ...options.jsc, target } });
    };
    expect((await forTarget("es2019")).code).toBe((await forTarget("es2024")).code);
  });

  test.each(FILES)("src/cli/%s.ts awaits nothing outside of functions", async (name) => {
    const { body } = await parseFile(join(ROOT, `src/cli/${name}.ts`), { syntax: "typescript", target: "es2024" });
    const atTop = (node: unknown): boolean => {
      if (typeof node !== "object" || node === null) return false;
      const { type } = node as { type?: string };
      if (type === "FunctionDeclaration" || type === "ArrowFunctionExpression") return false;
      return type === "AwaitExpression" || Object.values(node).some(atTop);
    };
    expect(body.length).toBeGreaterThan(1);
    expect(body.filter(atTop)).toEqual([]);
  });
});

describe("npm scripts, which run on the Node.js of the machine after npm ci --ignore-scripts", () => {
  const check = async (version: string) =>
    promisify(execFile)(process.execPath, [...(await optionsOf(version)), join(ROOT, ".ci/node-version.cjs")]).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  test("refuse a Node.js that is too old, and say how it came to that", async () => {
    const { code, stderr } = await check("20.20.2");
    expect(code).toBe(1);
    expect(stderr).toBe(
      `crmesh needs Node.js ${OLDEST_NODE} or later, but this is Node.js 20.20.2. ` +
        "`npm ci` brings one along, unless it runs with --ignore-scripts.\n",
    );
  });

  test.each([`${OLDEST_NODE}.0`, "24.0.0"])("go on with Node.js %s", async (version) => {
    expect(await check(version)).toEqual({ code: 0, stderr: "" });
  });

  test.each(["start", "build", "test"])("npm run %s begins with the check", async (name) => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts[name]).toBeDefined();
    expect(scripts[`pre${name}`]).toBe("node .ci/node-version.cjs");
  });
});
