import { eventually } from "./eventually.js";

export const LEVELS = ["debug", "info", "warn", "error", "fatal"] as const;

/** One line of crmesh's log. */
export interface LogLine {
  level: (typeof LEVELS)[number];
  time: string;
  msg: string;
  requestId?: string;
  [field: string]: unknown;
}

export function logLine(text: string): LogLine {
  return JSON.parse(text) as LogLine;
}

/** The lines of at least this level. */
export function linesFrom(level: LogLine["level"], logs: readonly string[]): LogLine[] {
  return logs.map(logLine).filter((line) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(level));
}

/** The lines of one request. */
export function linesOf(requestId: string, logs: readonly string[]): LogLine[] {
  return logs.map(logLine).filter((line) => line.requestId === requestId);
}

/** The line of a request, which is written after its response was sent. */
export function requestLine(requestId: string, logs: readonly string[]): Promise<LogLine> {
  return eventually(() => linesOf(requestId, logs).find(({ msg }) => msg === "Request"));
}
