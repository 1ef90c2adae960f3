import { safeText } from "./safe-line.js";

/** Fields that a person at a terminal does not need. */
const HIDDEN = new Set(["level", "time", "msg", "err", "pid", "hostname"]);
const COLOURS: Record<string, string> = {
  debug: "\u001b[2m",
  warn: "\u001b[33m",
  error: "\u001b[31m",
  fatal: "\u001b[31m",
};
const RESET = "\u001b[0m";
/** Values that need no quotes. */
const PLAIN = /^[\w.:/@+-]+$/;

interface LoggedError {
  name?: string;
  message?: string;
  stack?: string;
  cause?: LoggedError;
}

/**
 * Turns a log line of JSON into a line for people: `08:21:03.123 WARN  Provider failed  provider=hubspot …`. An error
 * follows on indented lines. No value can begin a line or hold an escape sequence.
 */
export function textLine(json: string, hasColours: boolean): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const { level, time, msg, err } = line as { level: string; time: string; msg?: string; err?: LoggedError };
  const name = level.toUpperCase().padEnd(5);
  const colour = hasColours ? COLOURS[level] : undefined;
  const fields = Object.entries(line)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${safeText(key)}=${shown(value)}`);
  const head = [time.slice(11, 23), colour === undefined ? name : `${colour}${name}${RESET}`, safeText(msg ?? "")];
  return `${[...head, ...(fields.length > 0 ? ["", ...fields] : [])].join(" ")}\n${err ? errorLines(err, "  ") : ""}`;
}

function shown(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value)) return value;
  return safeText(JSON.stringify(value));
}

function errorLines({ name, message, stack, cause }: LoggedError, indent: string): string {
  const text = stack ?? `${name ?? "Error"}: ${message ?? ""}`;
  const lines = text.split("\n").map((line) => `${indent}${safeText(line)}\n`);
  return lines.join("") + (cause ? `${indent}caused by\n${errorLines(cause, `${indent}  `)}` : "");
}
