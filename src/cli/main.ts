#!/usr/bin/env node
import "reflect-metadata";
import { runCommand } from "./program.js";

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
