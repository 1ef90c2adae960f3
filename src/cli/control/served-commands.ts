import { servedContext, type CommandIo, type OpenedStore } from "../command-context.js";
import { newProgram, runProgram } from "../run-program.js";
import { addStoreCommands } from "../store-commands.js";
import { startControlServer, type ControlServer } from "./control-server.js";

/**
 * Lets other processes run the commands that need the store in this server, which has the data folder open. Other commands,
 * such as those that write files, are unknown here.
 */
export function serveCommands(
  opened: OpenedStore,
  environment: CommandIo["environment"],
  onError: (error: unknown) => void,
): Promise<ControlServer> {
  return startControlServer({
    dataDir: opened.config.dataDir,
    run: ({ args, isTerminal }, output) => {
      const context = servedContext({ ...output, environment, isTerminal }, opened);
      const program = newProgram(context);
      addStoreCommands(program, context);
      return runProgram(program, args, context);
    },
    onError,
  });
}
