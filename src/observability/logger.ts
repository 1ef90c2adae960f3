import { pino, type Logger as PinoLogger, type LoggerOptions } from "pino";
import { LogOutput } from "./log-output.js";
import { loggedError } from "./logged-error.js";
import { hideSecrets } from "./secrets.js";
import { safeJson } from "./safe-line.js";
import { textLine } from "./text-format.js";

export type Logger = PinoLogger;

/** JSON: one object a line, for programs. TEXT: for people at a terminal. */
export type LogFormat = "json" | "text";

export interface LogDestination {
  write(line: string): void;
}

/** Standard output; its problems are told on standard error. */
function standardOutput(): LogDestination {
  return new LogOutput(1, (problem) => process.stderr.write(`crmesh: The log cannot be written: ${problem}\n`));
}

/**
 * Creates a logger that writes to standard output, or to `destination`. It hides the values of names that may be secrets, and
 * escapes characters with which a value could forge a line.
 * @param hasColours whether the text format colours the names of levels
 */
export function createLogger(
  level: string,
  destination: LogDestination = standardOutput(),
  format: LogFormat = "json",
  hasColours = false,
): Logger {
  const options: LoggerOptions = {
    level,
    formatters: { level: (name) => ({ level: name }), log: hideSecrets },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => loggedError(error) },
  };
  const shown = format === "json" ? safeJson : (line: string) => textLine(line, hasColours);
  return pino(options, { write: (line) => void destination.write(shown(line)) });
}
