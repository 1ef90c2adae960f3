import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Long enough for any tracing scheme, and nothing that could break a header or a log line. */
const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The caller's `X-Request-Id` when it is sane, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && SANE.test(header) ? header : randomUUID();
}

/** One id for each request, whichever part of the server asks for it first. */
export class RequestIds {
  readonly #ids = new WeakMap<IncomingMessage, string>();

  /** @param request null where not even its headers have come */
  of(request: IncomingMessage | null): string {
    if (request === null) return requestIdOf(undefined);
    const known = this.#ids.get(request);
    if (known !== undefined) return known;
    const id = requestIdOf(request.headers["x-request-id"]);
    this.#ids.set(request, id);
    return id;
  }
}
