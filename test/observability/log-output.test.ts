import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../support/eventually.js";
import { LogOutput } from "../../src/observability/log-output.js";

let folder: string;
let problems: string[];
let reader: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crmesh-log-"));
  problems = [];
});
afterEach(() => {
  reader?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});
const report = (problem: string) => void problems.push(problem);

test("each line is written before write returns", () => {
  const file = join(folder, "log");
  const descriptor = openSync(file, "w");
  const output = new LogOutput(descriptor, report);
  output.write("one\n");
  expect(readFileSync(file, "utf8")).toBe("one\n");
  output.write("zwei – ü\n");
  expect(readFileSync(file, "utf8")).toBe("one\nzwei – ü\n");
  expect(problems).toEqual([]);
  closeSync(descriptor);
});

test("lines that cannot be written are lost, and the first of them is reported", () => {
  const file = join(folder, "log");
  closeSync(openSync(file, "w"));
  const readOnly = openSync(file, "r");
  const output = new LogOutput(readOnly, report);
  for (const line of ["one\n", "two\n", "three\n"]) output.write(line);
  expect(problems).toEqual([expect.stringContaining("EBADF")]);
  closeSync(readOnly);
});

test("a reader who does not read holds up a line for a bounded time, and a cut line spoils no later one", async () => {
  reader = spawn("sh", ["-c", "kill -STOP $$; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  let read = "";
  reader.stdout!.setEncoding("utf8").on("data", (text: string) => (read += text));
  // Node's pipes do not block.
  const { fd } = (reader.stdin as unknown as { _handle: { fd: number } })._handle;
  const output = new LogOutput(fd, report, 50);
  output.write(`${"x".repeat(20_000_000)}\n`);
  output.write("lost\n");
  expect(problems).toEqual([expect.stringContaining("EAGAIN")]);

  reader.kill("SIGCONT");
  const later = '{"msg":"later"}';
  await eventually(() => {
    output.write(`${later}\n`);
    return read.includes(later) || undefined;
  });
  reader.stdin!.end();
  await once(reader, "close");
  const [cut, ...others] = read.trimEnd().split("\n");
  expect(cut).toMatch(/^x+$/);
  expect(new Set(others)).toEqual(new Set([later]));
});
