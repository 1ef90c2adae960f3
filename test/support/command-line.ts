import { runCommand } from "../../src/cli/program.js";

export interface EndedCommand {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process. */
export async function commandLine(
  args: readonly string[],
  environment: Record<string, string>,
  { isTerminal = false }: { isTerminal?: boolean } = {},
): Promise<EndedCommand> {
  const ended = { code: 0, stdout: "", stderr: "" };
  ended.code = await runCommand(args, {
    environment,
    out: (text) => void (ended.stdout += text),
    err: (text) => void (ended.stderr += text),
    isTerminal,
  });
  return ended;
}
