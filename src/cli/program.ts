import type { Command } from "commander";
import { nameOf, port } from "./arguments.js";
import { ownContext, type CommandContext, type CommandIo } from "./command-context.js";
import { addGeneratedCommands } from "./generated-commands.js";
import { newProgram, runProgram } from "./run-program.js";
import { serve, type ServeOptions } from "./serve.js";
import { addStoreCommands } from "./store-commands.js";
import { crmeshVersion } from "./version.js";

/**
 * Runs one command line, e.g. `["keys", "list"]`.
 *
 * @returns the exit code, see `EXIT`. What went wrong is written to standard error.
 */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const context = ownContext(args, io);
  const program = newProgram(io).version(crmeshVersion(), "--version", "print the version");
  addServe(program, context);
  addStoreCommands(program, context);
  addGeneratedCommands(program, context);
  return runProgram(program, args, context);
}

function addServe(program: Command, context: CommandContext): void {
  program
    .command("serve")
    .description("start the server")
    .option("--port <port>", "port to listen on (default: PORT, else 4000)", port)
    .option("--host <address>", "address to listen on (default: HOST, else 127.0.0.1)", nameOf)
    .action((options: ServeOptions) => serve(context, options));
}
