import type { Writable } from "node:stream";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { acquireLock, StoreInUseError } from "../../src/store/lock-file.js";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "crmesh-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function sleeper(): { child: ChildProcess; pid: number } {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  children.push(child);
  if (child.pid === undefined) throw new Error("no child process");
  return { child, pid: child.pid };
}

async function deadPid(): Promise<number> {
  const { child, pid } = sleeper();
  child.kill("SIGKILL");
  await once(child, "exit");
  return pid;
}

const leave = (content: string): Promise<void> => writeFile(join(folder, "lock"), content);

test("a lock can be taken once, and again when given back", async () => {
  const release = await acquireLock(folder);
  await expect(acquireLock(folder)).rejects.toThrow(StoreInUseError);
  await release();
  await release();
  await (
    await acquireLock(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test("a lock of a living process is respected, with or without its start time", async () => {
  const { pid } = sleeper();
  await leave(`${pid} - token\n`);
  await expect(acquireLock(folder)).rejects.toMatchObject({
    pid,
    message: `The data folder ${folder} is in use by process ${pid}. Stop that process first.`,
  });
  expect(await readdir(folder)).toEqual(["lock"]);
});

test.each([
  ["of a dead process", async () => `${await deadPid()} - token\n`],
  ["of no process at all", async () => "nonsense"],
  ["that is empty", async () => ""],
])("a lock %s is taken over", async (_what, content) => {
  await leave(await content());
  const release = await acquireLock(folder);
  expect(await readFile(join(folder, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
  expect(await readdir(folder)).toEqual(["lock"]);
  await release();
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("a lock whose pid has a new owner since is taken over", async () => {
  await leave(`${process.pid} 1 token\n`);
  await (
    await acquireLock(folder)
  )();
});

onLinux("a lock of a zombie is taken over", async () => {
  // The child ends only when its parent has become a program that asks for no child's end; a shell might ask before.
  const parent = spawn("sh", ["-c", "cat <&3 & echo $!; exec sleep 60 3<&-"], {
    stdio: ["ignore", "pipe", "ignore", "pipe"],
  });
  children.push(parent);
  const [pid] = (await once(parent.stdout!, "data")) as unknown[];
  const name = () => readFile(`/proc/${parent.pid}/comm`, "latin1");
  while ((await name()).trim() !== "sleep") await delay(5);
  (parent.stdio[3] as Writable).end();
  const state = async (): Promise<string> => readFile(`/proc/${Number(pid)}/stat`, "latin1");
  while (!(await state()).includes(") Z ")) await delay(5);
  await leave(`${Number(pid)} - token\n`);
  await (
    await acquireLock(folder)
  )();
});

test("of many that find a dead lock at once, one takes it over", async () => {
  await leave(`${await deadPid()} - token\n`);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(folder)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await readdir(folder)).toEqual(["lock"]);
});
