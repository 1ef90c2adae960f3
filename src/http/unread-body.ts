import type { FastifyInstance } from "fastify";

/** Bytes of a refused request's body that are read and thrown away: far more than a caller sends by mistake. */
const DISCARD_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Throws away the rest of a body whose request is refused before the whole body has come. If the connection were closed at
 * once, the rest would reach a closed port, and the reset of the connection could overtake the answer. So the caller can
 * read the answer and use the connection again. This limit and the receive time-out end a body without an end.
 */
export function discardUnreadBodies(app: FastifyInstance): void {
  app.addHook("onSend", async ({ raw }, reply) => {
    if (raw.complete) return;
    // Fastify closes the connection if a body is too large. After an `Expect` without `100 Continue`, Node closes it.
    if (reply.hasHeader("connection") && raw.headers.expect === undefined) void reply.removeHeader("connection");
    let discarded = 0;
    raw.on("data", (chunk: Buffer) => {
      discarded += chunk.length;
      if (discarded > DISCARD_LIMIT_BYTES) raw.socket.destroy();
    });
  });
}
