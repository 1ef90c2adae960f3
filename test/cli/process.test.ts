import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformFile } from "@swc/core";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ERROR_CODES } from "../../src/errors/catalogue.js";
import { swcOptions } from "../../swc.config.js";
import { newDataFolder } from "../support/data-folder.js";
import { Processes } from "../support/processes.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let built: string;
let dataDir: string;
let processes: Processes;

beforeAll(async () => {
  // Inside node_modules, so that what is built finds its dependencies as the real one does.
  built = await mkdtemp(join(ROOT, "node_modules/.crmesh-cli-test-"));
  processes = new Processes(join(built, "cli/main.js"));
  dataDir = await newDataFolder();
  const sources = (await readdir(join(ROOT, "src"), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  await Promise.all(sources.map(compile));
});
afterAll(async () => {
  await processes.end();
  await rm(built, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
});

/** As jest compiles the sources: type checks are not this test's business, and would take most of its time. */
async function compile(name: string): Promise<void> {
  const { code } = await transformFile(join(ROOT, "src", name), swcOptions(name.endsWith(".tsx") ? "tsx" : "ts"));
  const file = join(built, name.replace(/\.tsx?$/, ".js"));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code);
}

const crmesh = (args: string[], environment?: Record<string, string>) =>
  processes.start(args, { CRMESH_DATA_DIR: dataDir, ...environment });

test("a command that succeeds ends with status 0 and has written all", async () => {
  const command = crmesh(["errors"]);
  expect(await command.exited).toEqual({ code: 0, signal: null });
  const lines = command.output.trim().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(ERROR_CODES);
  expect(command.errors).toBe("");
});

test("a command that fails ends with status 1, and says why on standard error alone", async () => {
  const command = crmesh(["serve"], { DATABASE_URL: "postgres://user:hunter2@db/crmesh" });
  expect(await command.exited).toEqual({ code: 1, signal: null });
  expect(command.errors).toMatch(/^crmesh: CRMESH_ENCRYPTION_KEY .+\.\n$/);
  expect(command.output).toBe(command.errors);
});

test("a server keeps others from its data folder until a signal ends it", async () => {
  const server = crmesh(["serve"], { PORT: "0" });
  expect((await fetch(`${await server.origin}/readyz`)).status).toBe(200);

  const other = crmesh(["keys", "list"]);
  expect(await other.exited).toEqual({ code: 1, signal: null });
  expect(other.errors).toMatch(/^crmesh: The data folder .* is in use by process \d+; stop it first\.\n$/);

  expect(await server.stop()).toEqual({ code: 0, signal: null });
  const after = crmesh(["keys", "list"]);
  expect(await after.exited).toEqual({ code: 0, signal: null });
  expect(after.output).toMatch(/sk_test_/);
});
