import { pino, type Logger as PinoLogger, type LoggerOptions } from "pino";

export type Logger = PinoLogger;

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
 * Creates a logger that writes JSON lines to standard output, or to `destination`. It hides values of the names in
 * SECRETS.
 */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options: LoggerOptions = {
    level,
    formatters: { level: (name) => ({ level: name }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [...SECRETS, ...SECRETS.map((name) => `*.${name}`), ...SECRETS.map((name) => `*.*.${name}`)],
      censor: "[secret]",
    },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Logs only name, message, code and stack: other properties of an error can contain requests and parameters. */
function describeError(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return { message: String(error) };
  const { name, message, stack, code, cause } = error as {
    name?: string;
    message?: string;
    stack?: string;
    code?: unknown;
    cause?: unknown;
  };
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
