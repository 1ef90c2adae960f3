import type { FastifyInstance } from "fastify";

/** Bytes of a refused request's body that are read and thrown away; far more than a caller sends by mistake. */
const DISCARD_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Lets a caller whose request is refused before its body has come read the answer: were the connection closed at once,
 * the rest of the body would meet a closed port, and the reset of the connection could overtake the answer. So the rest
 * is thrown away as it comes, and the connection can be used again. A body without an end is cut by this limit and by the
 * time in which a request has to be sent.
 */
export function discardUnreadBodies(app: FastifyInstance): void {
  app.addHook("onSend", async ({ raw }, reply) => {
    if (raw.complete) return;
    // Fastify asks for it where a body is too large.
    void reply.removeHeader("connection");
    let discarded = 0;
    raw.on("data", (chunk: Buffer) => {
      discarded += chunk.length;
      if (discarded > DISCARD_LIMIT_BYTES) raw.socket.destroy();
    });
  });
}
