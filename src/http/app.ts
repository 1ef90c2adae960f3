import Fastify, { type FastifyInstance } from "fastify";
import { invalidInput } from "../errors/crm-error.js";
import type { Logger } from "../observability/logger.js";
import { RequestRecords } from "../observability/request-records.js";
import type { RequestObserver } from "../observability/request-summary.js";
import { NO_TELEMETRY, type Telemetry } from "../observability/telemetry/telemetry.js";
import { clientErrorHandler, expectationRefusal } from "./client-error.js";
import { readLongNumbers } from "./json-body.js";
import { errorHandler, replyWithError } from "./error-reply.js";
import { ExpectedContinues } from "./expect-continue.js";
import { RequestIds } from "./request-id.js";
import { observeActiveRequests, requestMetrics } from "./request-metrics.js";
import { traceRequests } from "./request-tracing.js";

import { Sockets } from "./sockets.js";
import { discardUnreadBodies } from "./unread-body.js";
import { refuseUnservedRequests } from "./unserved-requests.js";

/** Longest time in milliseconds between two checks for half-sent requests whose time is over. */
const CHECK_INTERVAL_MS = 1_000;

export interface AppOptions {
  maxBodyBytes: number;
  /** Milliseconds that a caller has to send the headers of a request. At most `receiveTimeoutMs`. */
  headersTimeoutMs: number;
  /** Milliseconds that a caller has to send a whole request. */
  receiveTimeoutMs: number;
  /** Milliseconds that a connection without a request stays open. */
  keepAliveTimeoutMs: number;
}

/**
 * Creates the HTTP server without its routes: request ids, a record of each request, refusals, a graceful stop.
 * @param observers get the summary of each request
 */
export function createApp(
  options: AppOptions,
  logger: Logger,
  observers: readonly RequestObserver[] = [],
  { meters, tracing }: Telemetry = NO_TELEMETRY,
): FastifyInstance {
  const { headersTimeoutMs, receiveTimeoutMs, keepAliveTimeoutMs } = options;
  const ids = new RequestIds();
  const sockets = new Sockets();
  const records = new RequestRecords(meters ? [...observers, requestMetrics(meters)] : observers);
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: {
      headersTimeout: headersTimeoutMs,
      requestTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeoutMs),
    },
    // A stop waits for running requests, but not for idle keep-alive connections.
    forceCloseConnections: "idle",
    // During a stop, a new request on an open connection is answered like any other request.
    return503OnClosing: false,
    genReqId: (request) => ids.of(request),
    requestIdHeader: false,
    clientErrorHandler: clientErrorHandler({ sockets, ids, logger }),
    // Fastify runs no hook and no handler for a URL that it cannot decode.
    frameworkErrors: (_error, request, reply) => {
      records.begin(request, reply);
      replyWithError(reply.header("x-request-id", request.id), invalidInput({ path: "This is not a valid URL." }));
    },
  });
  const continues = new ExpectedContinues();
  sockets.watch(app.server);
  continues.watch(app.server);
  app.server.on("checkExpectation", expectationRefusal({ ids, logger }));
  records.recordIn(app);
  if (tracing) traceRequests(app, tracing);
  if (meters) observeActiveRequests(app, meters);
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("x-request-id", request.id);
    done();
  });
  refuseUnservedRequests(app);
  continues.answerIn(app);
  discardUnreadBodies(app);
  readLongNumbers(app);
  // Fastify's parser for text/plain: without it, such a body is refused with 415.
  app.removeContentTypeParser("text/plain");
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
    app.server.keepAliveTimeout = 1;
    sockets.stop(app.server);
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    // A keep-alive connection would hold up the stop.
    if (stopping) void reply.header("connection", "close");
    done();
  });
  app.setErrorHandler(errorHandler(logger));
  return app;
}
