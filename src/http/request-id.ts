import { randomUUID } from "node:crypto";

/** Long enough for any tracing scheme, and nothing that could break a header or a log line. */
const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The caller's `X-Request-Id` when it is sane, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && SANE.test(header) ? header : randomUUID();
}
