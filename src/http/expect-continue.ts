import type { IncomingMessage, Server } from "node:http";
import type { FastifyInstance } from "fastify";

/**
 * Answers `Expect: 100-continue` only after the headers are accepted, so that a refused caller does not send its body.
 * Node's HTTP server would answer `100 Continue` to everybody.
 */
export class ExpectedContinues {
  readonly #expecting = new WeakSet<IncomingMessage>();

  watch(server: Server): void {
    server.on("checkContinue", (request: IncomingMessage, response) => {
      this.#expecting.add(request);
      server.emit("request", request, response);
    });
  }

  /** Fastify runs `preParsing` hooks after all `onRequest` hooks, which refuse requests by their headers. */
  answerIn(app: FastifyInstance): void {
    app.addHook("preParsing", (request, reply, payload, done) => {
      const { raw, headers, routeOptions } = request;
      // A body that is too large is refused without being read.
      const isTooLarge = Number(headers["content-length"]) > routeOptions.bodyLimit;
      if (this.#expecting.delete(raw) && !isTooLarge) reply.raw.writeContinue();
      done(null, payload);
    });
  }
}
