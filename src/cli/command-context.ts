import { readConfig, type Config } from "../config.js";
import { providers } from "../providers/index.js";
import { openStore, type Store } from "../store/open-store.js";
import { StoreInUseError } from "../store/lock-file.js";
import { askServer } from "./control/control-client.js";
import { EXIT } from "./exit-codes.js";

/** The input and output of a command line. */
export interface CommandIo {
  environment: NodeJS.ProcessEnv;
  /** Writes to standard output. */
  out: (text: string) => void;
  /** Writes to standard error. */
  err: (text: string) => void;
  /** True if `out` writes to a terminal. Lists then have a header and aligned columns. */
  isTerminal: boolean;
  /** True if `err` writes to a terminal. */
  errIsTerminal?: boolean;
}

export interface OpenedStore {
  store: Store;
  config: Config;
}

/** What a command needs besides its arguments. */
export interface CommandContext extends CommandIo {
  /** Set by a command that has written everything itself and has not succeeded. */
  exitCode: number;
  /** @throws ConfigError */
  config(): Config;
  /**
   * Calls `use` with the store that the settings name (PostgreSQL or the data folder), and closes it afterwards. If a
   * server has the data folder open, the whole command runs there, and `use` is not called here.
   *
   * @throws ConfigError, UnavailableError, and the errors of `openStore`
   */
  withStore(use: (opened: OpenedStore) => Promise<void>): Promise<void>;
}

/** The context of a command that runs in a process of its own. */
export function ownContext(args: readonly string[], io: CommandIo): CommandContext {
  const config = () => readConfig(io.environment, providers);
  const context: CommandContext = {
    ...io,
    exitCode: EXIT.done,
    config,
    withStore: async (use) => {
      const settings = config();
      let store: Store;
      try {
        const { dataDir, databaseUrl, databasePoolSize } = settings;
        store = await openStore({ dataDir, databaseUrl, databasePoolSize });
      } catch (error) {
        if (!(error instanceof StoreInUseError)) throw error;
        const exitCode = await askServer(settings.dataDir, { args: [...args], isTerminal: io.isTerminal }, io);
        if (exitCode === null) throw error;
        context.exitCode = exitCode;
        return;
      }
      try {
        await use({ store, config: settings });
      } finally {
        await store.close();
      }
    },
  };
  return context;
}

/** The context of a command that runs in a server, with the server's settings and its open store. */
export function servedContext(io: CommandIo, opened: OpenedStore): CommandContext {
  return { ...io, exitCode: EXIT.done, config: () => opened.config, withStore: (use) => use(opened) };
}

/** Writes one or several lines to standard output. */
export function print({ out }: Pick<CommandIo, "out">, text: string): void {
  out(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a value as JSON to standard output. */
export function printJson(io: Pick<CommandIo, "out">, value: unknown): void {
  print(io, JSON.stringify(value, null, 2));
}
