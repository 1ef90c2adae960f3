import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Milliseconds that a caller gets to send the rest of its request once the server stops. */
const HALF_SENT_GRACE_MS = 1_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

interface SocketState {
  /** The newest request whose headers have come. */
  latest: Exchange | null;
  /** Requests whose answers are not out. */
  running: number;
}

/**
 * Knows of each open socket whether a request runs on it. Node's server closes only idle sockets when it stops, and then
 * no longer watches its time-outs: a socket on which nothing or half a request was sent would hold up the stop for ever.
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
   * The request that this socket was in the middle of sending: its body where the headers have come, null where they
   * have not.
   */
  halfSentOn(socket: Socket): IncomingMessage | null {
    const latest = this.#sockets.get(socket)?.latest;
    return latest && !latest.request.complete ? latest.request : null;
  }

  /** Whether an answer on this socket has begun or is being worked on, so that nothing else may be written in between. */
  isAnswering(socket: Socket): boolean {
    const state = this.#sockets.get(socket);
    if (!state?.latest) return false;
    const { request, response } = state.latest;
    return request.complete ? state.running > 0 : response.headersSent || state.running > 1;
  }

  /** Gives half-sent requests a second to be complete, then closes every socket on which no whole request runs. */
  stop(server: Server): void {
    const close = () => {
      this.#stopped = true;
      for (const [socket, state] of this.#sockets) this.#closeUnlessAtWork(socket, state);
    };
    // A busy process first reads what has come meanwhile: timers run before reads, immediates after them.
    const timer = setTimeout(() => setImmediate(close), HALF_SENT_GRACE_MS);
    server.once("close", () => clearTimeout(timer));
  }

  #closeUnlessAtWork(socket: Socket, { latest, running }: SocketState): void {
    // Earlier answers must be out before: they were for whole requests.
    const halfSent = latest !== null && !latest.request.complete;
    if (running === 0 || (halfSent && running === 1)) socket.destroy();
  }
}
