#!/usr/bin/env node
import { oldNodeProblem } from "./node-version.js";
import { startSmall } from "./v8-memory.js";

startSmall();
const problem = oldNodeProblem(process.versions.node);
if (problem === null) {
  // Imported only now, because an old Node.js may fail already while it loads these modules.
  await import("reflect-metadata");
  const { runCommand } = await import("./program.js");
  process.exitCode = await runCommand(process.argv.slice(2), {
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTerminal: process.stderr.isTTY,
  });
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
