import { pino, type Logger as PinoLogger, type LoggerOptions } from "pino";
import { loggedError } from "./logged-error.js";
import { safeJson } from "./safe-line.js";
import { textLine } from "./text-format.js";

export type Logger = PinoLogger;

/** JSON: one object a line, for programs. TEXT: for people at a terminal. */
export type LogFormat = "json" | "text";

export interface LogDestination {
  write(line: string): void;
}

/** Standard output. If it cannot be written to (e.g. a full disk), lines are lost, and the process continues. */
function standardOutput(): LogDestination {
  const output = pino.destination(1);
  let isReported = false;
  output.on("error", ({ message }: Error) => {
    if (!isReported) process.stderr.write(`crmesh: The log cannot be written: ${message}\n`);
    isReported = true;
  });
  return output;
}

/** Property names that may contain a secret. */
const SECRETS = [
  "authorization",
  "credentials",
  "accessToken",
  "refreshToken",
  "apiKey",
  "client_secret",
  "refresh_token",
  "password",
  "secret",
];

/**
 * Creates a logger that writes to standard output, or to `destination`. It hides values of the names in SECRETS, and
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
    formatters: { level: (name) => ({ level: name }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`), ...SECRETS.map((name) => `*.*.${name}`)],
      censor: "[secret]",
    },
    serializers: { err: (error: unknown) => loggedError(error) },
  };
  const shown = format === "json" ? safeJson : (line: string) => textLine(line, hasColours);
  return pino(options, { write: (line) => void destination.write(shown(line)) });
}
