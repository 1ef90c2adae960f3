import Fastify, { type FastifyInstance } from "fastify";
import { invalidInput } from "../errors/crm-error.js";
import type { Logger } from "../observability/logger.js";
import { errorHandler, replyWithError } from "./error-reply.js";
import { requestIdOf } from "./request-id.js";

/** Asked every few seconds by whoever watches over the process. */
const WATCHED = new Set(["/healthz", "/readyz"]);

/** The HTTP server without its routes: request ids, one log line a request, refusals in the documented form, a graceful stop. */
export function createApp(options: { maxBodyBytes: number }, logger: Logger): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    // Idle keep-alive connections must not hold up a stop; running requests may.
    forceCloseConnections: "idle",
    genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
    requestIdHeader: false,
    // A URL that cannot be read, which no hook or handler gets to see.
    frameworkErrors: (_error, request, reply) =>
      replyWithError(
        reply.header("x-request-id", request.id),
        invalidInput({ path: "This is not a valid URL." }),
        request.id,
      ),
  });
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
    app.server.keepAliveTimeout = 1;
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
  app.setNotFoundHandler((request, reply) =>
    replyWithError(reply, invalidInput({ path: "There is only POST /graphql here." }), request.id),
  );
  return app;
}
