import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** A TCP connection on which a test sends requests byte by byte, or only a part of one. */
export class RawConnection {
  /** Resolves when the connection is closed, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    // A server may cut the connection; what then counts is what came before.
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      socket.emit("received");
    });
  }

  static async open(origin: string): Promise<RawConnection> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port) });
    const connection = new RawConnection(socket);
    await once(socket, "connect");
    return connection;
  }

  get isClosed(): boolean {
    return this.#socket.closed;
  }

  /** Sends it as it is; header lines come without their line ends. */
  send(...lines: string[]): void {
    this.#socket.write(lines.join("\r\n"));
  }

  /** Sends one piece of a body again and again until the connection is closed. @returns the bytes sent */
  async sendUntilClosed(piece: Buffer): Promise<number> {
    let sent = 0;
    while (!this.#socket.destroyed) {
      sent += piece.length;
      if (!this.#socket.write(piece)) await Promise.race([this.#next("drain"), this.closed]);
    }
    return sent;
  }

  /** The next answer that has not been asked for yet. @throws Error when the connection ends before */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const answer = this.#take();
      if (answer) return answer;
      if (this.isClosed) throw new Error(`The connection was closed after: ${this.#received.toString()}`);
      await Promise.race([this.#next("received"), this.closed]);
    }
  }

  /** What has come and was not taken as an answer. */
  get rest(): string {
    return this.#received.toString();
  }

  end(): void {
    this.#socket.destroy();
  }

  #next(event: string): Promise<void> {
    return new Promise((resolve) => this.#socket.once(event, () => resolve()));
  }

  #take(): RawAnswer | null {
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return null;
    const [first, ...lines] = this.#received.subarray(0, headEnd).toString().split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
    );
    const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
    if (this.#received.length < end) return null;
    const body = this.#received.subarray(headEnd + 4, end).toString();
    this.#received = this.#received.subarray(end);
    return { status: Number(first!.split(" ")[1]), headers, body };
  }
}

/** The connections of one test file, all of which are gone when it ends. */
export class RawConnections {
  readonly #opened: RawConnection[] = [];

  async open(origin: string): Promise<RawConnection> {
    const opened = await RawConnection.open(origin);
    this.#opened.push(opened);
    return opened;
  }

  end(): void {
    for (const connection of this.#opened) connection.end();
  }
}
