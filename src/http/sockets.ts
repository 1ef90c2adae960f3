import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Milliseconds that a caller has to send the rest of its request after a stop has begun. */
const HALF_SENT_GRACE_MS = 1_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

interface SocketState {
  /** The newest request whose headers have come completely. */
  latest: Exchange | null;
  /** Number of requests whose answers are not completely sent. */
  running: number;
}

/**
 * Tracks whether a request runs on each open socket. When Node's server stops, it closes only idle sockets and no longer
 * enforces time-outs. A socket with half a request, or with nothing sent, would hold up the stop for ever.
 */
export class Sockets {
  readonly #sockets = new Map<Socket, SocketState>();
  #stopped = false;

  watch(server: Server): void {
    server.on("connection", (socket) => {
      this.#sockets.set(socket, { latest: null, running: 0 });
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request, response) => {
      const state = this.#sockets.get(request.socket);
      if (!state) return;
      state.latest = { request, response };
      state.running += 1;
      response.once("close", () => {
        state.running -= 1;
        if (this.#stopped) this.#closeUnlessAtWork(request.socket, state);
      });
    });
  }

  /**
   * Returns the request whose body is not complete on this socket. Null if there is none, or if not even its headers are
   * complete.
   */
  halfSentOn(socket: Socket): IncomingMessage | null {
    const latest = this.#sockets.get(socket)?.latest;
    return latest && !latest.request.complete ? latest.request : null;
  }

  /** Whether a request on this socket is being answered, so that nothing else may be written to the socket. */
  isAnswering(socket: Socket): boolean {
    const state = this.#sockets.get(socket);
    if (!state?.latest) return false;
    const { request, response } = state.latest;
    return request.complete ? state.running > 0 : response.headersSent || state.running > 1;
  }

  /** Waits a second for half-sent requests, then closes every socket on which no complete request runs. */
  stop(server: Server): void {
    const close = () => {
      this.#stopped = true;
      for (const [socket, state] of this.#sockets) this.#closeUnlessAtWork(socket, state);
    };
    // Timers run before reads and immediates after them, so a busy process reads first what has come meanwhile.
    const timer = setTimeout(() => setImmediate(close), HALF_SENT_GRACE_MS);
    server.once("close", () => clearTimeout(timer));
  }

  #closeUnlessAtWork(socket: Socket, { latest, running }: SocketState): void {
    // Earlier requests on this socket were complete, so their answers must be sent first.
    const halfSent = latest !== null && !latest.request.complete;
    if (running === 0 || (halfSent && running === 1)) socket.destroy();
  }
}
