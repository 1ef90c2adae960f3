import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Ground, type TestServer } from "../support/test-server.js";
import { textsOf } from "../support/container-files.js";

const run = promisify(execFile);
/** The command as Docker gives it to the shell of the image. */
const COMMAND = /^HEALTHCHECK .*?CMD (.+)$/m.exec(textsOf().dockerfile)![1]!;

let ground: Ground;
let server: TestServer;
/** The programs that the image has: BusyBox, under the names of its applets. */
let programs: string;

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "crmesh-busybox-"));
  const { stdout } = await run("sh", ["-c", "command -v busybox"]);
  await symlink(stdout.trim(), join(programs, "wget"));
  ground = await Ground.open();
  server = await ground.serve();
});
afterAll(async () => {
  await ground.close();
  await rm(programs, { recursive: true });
});

/** The exit code of the health check: Docker knows 0 and 1. */
async function check(environment: Record<string, string> = {}): Promise<number> {
  const env = { PATH: programs, PORT: new URL(server.url).port, ...environment };
  return run("/bin/sh", ["-c", COMMAND], { env }).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}

test("the health check of the image finds a server that is ready", async () => {
  expect(await check()).toBe(0);
});

test("it asks no proxy", async () => {
  expect(await check({ http_proxy: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" })).toBe(0);
});

test("it fails where nobody listens", async () => {
  expect(await check({ PORT: "1" })).toBe(1);
});

test("it fails when the server drains", async () => {
  server.crmesh.lifecycle.drain();
  expect(await check()).toBe(1);
});
