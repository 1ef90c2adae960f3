import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Enough characters for any tracing scheme, and no character that could break a header or a log line. */
const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** Returns the caller's `X-Request-Id` if it matches `SANE`, else a new id. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && SANE.test(header) ? header : randomUUID();
}

/** Gives each request one id, whichever part of the server asks first. */
export class RequestIds {
  readonly #ids = new WeakMap<IncomingMessage, string>();

  /** @param request null if its headers did not come completely */
  of(request: IncomingMessage | null): string {
    if (request === null) return requestIdOf(undefined);
    const known = this.#ids.get(request);
    if (known !== undefined) return known;
    const id = requestIdOf(request.headers["x-request-id"]);
    this.#ids.set(request, id);
    return id;
  }
}
