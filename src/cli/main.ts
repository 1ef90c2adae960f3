#!/usr/bin/env node
import { oldNodeProblem } from "./node-version.js";

/** Loads everything else only if Node.js is new enough, because an old one would fail while it loads these modules. */
async function main(): Promise<number> {
  const problem = oldNodeProblem(process.versions.node);
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  await import("reflect-metadata");
  const { startSmall } = await import("./v8-memory.js");
  startSmall();
  const { runCommand } = await import("./program.js");
  return runCommand(process.argv.slice(2), {
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
  });
}

// No `await` here: Node.js 12 would refuse the file for its syntax, without a sentence.
void main().then((code) => {
  process.exitCode = code;
});
