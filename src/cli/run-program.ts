import { Command } from "commander";
import type { CommandContext, CommandIo } from "./command-context.js";
import { endOf } from "./exit-codes.js";

/** A command line without commands. Add the commands afterwards, because each copies these settings when it is added. */
export function newProgram({ out, err }: Pick<CommandIo, "out" | "err">): Command {
  return new Command("crmesh")
    .description("One GraphQL graph over the CRMs your customers already use.")
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
}

/**
 * Runs the command that the arguments name.
 *
 * @returns the exit code, see `EXIT`. What went wrong is written to standard error.
 */
export async function runProgram(program: Command, args: readonly string[], context: CommandContext): Promise<number> {
  try {
    await program.parseAsync(args, { from: "user" });
    return context.exitCode;
  } catch (error) {
    const { code, text } = endOf(error);
    if (text !== null) context.err(text);
    return code;
  }
}
