import { CommanderError } from "commander";
import { ConfigError } from "../config.js";
import { EncryptionKeyError } from "../store/encryption-keys.js";
import { StoreUnavailableError } from "../store/faults.js";
import { StoreInUseError } from "../store/lock-file.js";
import { MigrationFailedError, NewerSchemaError } from "../store/migrations/index.js";
import { WorkerFailedError } from "./workers/worker-pool.js";
import { RefusedError, UnavailableError, UsageError } from "./command-errors.js";

/** The exit codes of `crmesh`, as docs/command-line.md lists them. */
export const EXIT = {
  done: 0,
  /** The command was understood, and refused or failed. */
  refused: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** The database, the data folder, a port or the running server is not available. Trying again later may help. */
  notReachable: 3,
} as const;

type ErrorClass = abstract new (...args: never[]) => Error;

/** Errors that the user can fix. They are shown without their stack. */
const EXPECTED: readonly (readonly [ErrorClass, number])[] = [
  [UsageError, EXIT.usage],
  [ConfigError, EXIT.usage],
  [RefusedError, EXIT.refused],
  [NewerSchemaError, EXIT.refused],
  [MigrationFailedError, EXIT.refused],
  [EncryptionKeyError, EXIT.refused],
  [UnavailableError, EXIT.notReachable],
  [StoreInUseError, EXIT.notReachable],
  [StoreUnavailableError, EXIT.notReachable],
];

/** The exit code for an error, and the text for standard error; null if the text is already written. */
export function endOf(error: unknown): { code: number; text: string | null } {
  // Commander has already written the help, the version, or the error about an argument.
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? EXIT.done : EXIT.usage, text: null };
  if (error instanceof WorkerFailedError) return { code: error.exitCode || EXIT.refused, text: null };
  const expected = EXPECTED.find(([type]) => error instanceof type);
  if (expected) return { code: expected[1], text: `crmesh: ${sentenceOf(error as Error)}\n` };
  return { code: EXIT.refused, text: `crmesh: ${String((error as Error | null)?.stack ?? error)}\n` };
}

/** The message, and of a failed migration also its cause, without which nobody can mend it. */
function sentenceOf(error: Error): string {
  const { message, cause } = error;
  return error instanceof MigrationFailedError && cause instanceof Error ? `${message} ${cause.message}.` : message;
}
