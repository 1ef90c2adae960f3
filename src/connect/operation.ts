import type { FastifyRequest } from "fastify";
import type { Operation } from "../connections/calls/operation.js";
import { callHooks } from "../observability/call-hooks.js";
import type { ConnectRoutesOptions } from "./options.js";

/**
 * The operation of a Connect request, whose actor is the end user. Closing the window does not abort its calls: an
 * authorization code works only once.
 */
export function operationOf(request: FastifyRequest, options: ConnectRoutesOptions): Operation {
  const { logger, clock, requestTimeoutMs } = options;
  return {
    deadline: clock.monotonic() + requestTimeoutMs,
    signal: new AbortController().signal,
    sandboxFaults: new Map(),
    ...callHooks(request.record, logger),
    actor: { kind: "END_USER" },
    requestId: request.id,
    mayReconnect: false,
  };
}
