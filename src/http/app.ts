import Fastify, { type FastifyInstance } from "fastify";
import { invalidInput } from "../errors/crm-error.js";
import type { Logger } from "../observability/logger.js";
import { clientErrorHandler, expectationRefusal } from "./client-error.js";
import { readLongNumbers } from "./json-body.js";
import { errorHandler, replyWithError } from "./error-reply.js";
import { RequestIds } from "./request-id.js";
import { Sockets } from "./sockets.js";
import { discardUnreadBodies } from "./unread-body.js";

/** Asked every few seconds by whoever watches over the process. */
const WATCHED = new Set(["/healthz", "/readyz"]);
/** Milliseconds between two looks for half-sent requests whose time is over, at most. */
const CHECK_INTERVAL_MS = 1_000;

export interface AppOptions {
  maxBodyBytes: number;
  /** Milliseconds that a caller has to send the headers of a request; at most `receiveTimeoutMs`. */
  headersTimeoutMs: number;
  /** Milliseconds that a caller has to send a whole request. */
  receiveTimeoutMs: number;
  /** Milliseconds that a connection stays open for a next request. */
  keepAliveTimeoutMs: number;
}

/** The HTTP server without its routes: request ids, one log line a request, refusals in the documented form, a graceful stop. */
export function createApp(options: AppOptions, logger: Logger): FastifyInstance {
  const { headersTimeoutMs, receiveTimeoutMs, keepAliveTimeoutMs } = options;
  const ids = new RequestIds();
  const sockets = new Sockets();
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: {
      headersTimeout: headersTimeoutMs,
      requestTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeoutMs),
    },
    // Idle keep-alive connections must not hold up a stop; running requests may.
    forceCloseConnections: "idle",
    // What still comes on an open connection is answered like any other request.
    return503OnClosing: false,
    genReqId: (request) => ids.of(request),
    requestIdHeader: false,
    clientErrorHandler: clientErrorHandler({ sockets, ids, logger }),
    // A URL that cannot be read, which no hook or handler gets to see.
    frameworkErrors: (_error, request, reply) => {
      const refusal = invalidInput({ path: "This is not a valid URL." });
      replyWithError(reply.header("x-request-id", request.id), refusal, request.id);
    },
  });
  sockets.watch(app.server);
  app.server.on("checkExpectation", expectationRefusal({ ids, logger }));
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
    // Where nothing is, no body is read either. Parts of the server that have an answer of their own see to it themselves.
    if (request.is404 && request.server === app) return replyWithError(reply, nothingHere(), request.id);
    return;
  });
  discardUnreadBodies(app);
  readLongNumbers(app);
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
    app.server.keepAliveTimeout = 1;
    sockets.stop(app.server);
  });
  app.addHook("onSend", async (_request, reply) => {
    // A connection that is kept for a next request would hold up the stop.
    if (stopping) void reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, id } = request;
    logger[WATCHED.has(request.routeOptions.url ?? "") ? "debug" : "info"](
      {
        requestId: id,
        method,
        path: request.routeOptions.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      "Request",
    );
  });
  app.setErrorHandler(errorHandler(logger));
  app.setNotFoundHandler((request, reply) => replyWithError(reply, nothingHere(), request.id));
  return app;
}

function nothingHere() {
  return invalidInput({ path: "This path does not exist. Send requests to POST /graphql." });
}
