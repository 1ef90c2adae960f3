import http from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Transport, TRANSPORT_DEFAULTS, TransportFailure } from "../../src/upstream/transport.js";
import { UpstreamClient } from "../../src/upstream/upstream-client.js";
import { failure, LeapingClock, plainTraits, readOf, scopeOf, writeTo } from "./harness.js";

const BOUNDS = { remainingMs: 10_000, allowPrivateHosts: true };

/** A server that tells how many sockets it got, and over which of them each request came. */
class CountingServer {
  readonly sockets: Socket[] = [];
  readonly usedSockets: number[] = [];
  keepAlive: string | undefined;
  readonly #server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      this.usedSockets.push(this.sockets.indexOf(request.socket));
      if (this.keepAlive !== undefined) response.setHeader("keep-alive", this.keepAlive);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });

  async listen(): Promise<string> {
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("connection", (socket) => this.sockets.push(socket));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("sockets to a CRM", () => {
  let server: CountingServer;
  let origin: string;
  let transport: Transport;
  let elapsedMs: number;
  const begin = performance.now.bind(performance);
  beforeEach(async () => {
    server = new CountingServer();
    origin = await server.listen();
    transport = new Transport();
    elapsedMs = 0;
    jest.spyOn(performance, "now").mockImplementation(() => begin() + elapsedMs);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    transport.close();
    await server.close();
  });

  const read = () => transport.send(readOf(origin), BOUNDS);
  const write = () => transport.send(writeTo(origin), BOUNDS);
  /** A socket becomes free only after the answer was read. */
  const freed = async () => {
    for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
  };

  test("carry a write if they answered within the last second", async () => {
    for (const call of [read, write, write, read]) {
      await call();
      await freed();
      elapsedMs += 500;
    }
    expect(server.usedSockets).toEqual([0, 0, 0, 0]);
  });

  test("carry no write if they answered longer ago, and are replaced by a new one; reads still use them", async () => {
    await read();
    await freed();
    elapsedMs += 1_500;
    await read();
    await freed();
    elapsedMs += 1_500;
    await write();
    await freed();
    await read();
    expect(server.usedSockets).toEqual([0, 0, 1, 1]);
  });

  test("carry a read that changes something only as they carry a write", async () => {
    await read();
    await freed();
    elapsedMs += 1_500;
    await transport.send({ ...readOf(origin), changes: true }, BOUNDS);
    expect(server.usedSockets).toEqual([0, 1]);
  });

  test.each(["timeout=1", "max=100, timeout=1", "timeout=0"])(
    "are not kept if the CRM keeps them no longer than the margin: %s",
    async (hint) => {
      server.keepAlive = hint;
      await read();
      await freed();
      await read();
      expect(server.usedSockets).toEqual([0, 1]);
    },
  );

  test("are closed before the time that the CRM states", async () => {
    server.keepAlive = "max=5, timeout=2";
    await read();
    // Without a request, the socket is idle for less than the two seconds of the CRM.
    await new Promise((resolve) => server.sockets[0]!.once("close", resolve));
    await read();
    expect(server.usedSockets).toEqual([0, 1]);
  });

  test("that the operator's configuration opened are not used for an address that a tenant typed in", async () => {
    const named = origin.replace("127.0.0.1", "localhost");
    expect((await transport.send(readOf(named), BOUNDS)).status).toBe(200);
    await freed();
    const typed = transport.send(readOf(named), { ...BOUNDS, allowPrivateHosts: false });
    const refusal = await typed.then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(TransportFailure);
    expect((refusal as TransportFailure).error).toMatchObject({ code: "INVALID_INPUT" });
    expect(server.usedSockets).toEqual([0]);
  });
});

describe("a write that fails", () => {
  let client: UpstreamClient;
  beforeEach(() => {
    client = new UpstreamClient({ clock: new LeapingClock() });
  });
  afterEach(() => client.close());

  /** A server of raw sockets, which counts the connections. */
  async function raw(
    onConnection: (socket: Socket) => void,
  ): Promise<{ port: number; close(): Promise<void>; connections: () => number }> {
    let connections = 0;
    const open = new Set<Socket>();
    const server = net.createServer((socket) => {
      connections += 1;
      open.add(socket);
      socket.on("error", () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      port: (server.address() as AddressInfo).port,
      connections: () => connections,
      close: async () => {
        for (const socket of open) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  test("in the TLS handshake was not sent, and is tried again", async () => {
    const server = await raw((socket) => socket.once("data", () => socket.destroy()));
    const error = await failure(client.send(writeTo(`https://127.0.0.1:${server.port}/`), scopeOf(), plainTraits));
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "NOT_SENT"]);
    expect(server.connections()).toBe(3);
    await server.close();
  });

  test("after its headers were received is unknown, and is sent once", async () => {
    const server = await raw((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const error = await failure(client.send(writeTo(`http://127.0.0.1:${server.port}/`), scopeOf(), plainTraits));
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "UNKNOWN"]);
    expect(server.connections()).toBe(1);
    await server.close();
  });

  test("because no connection came about in its time was not sent", async () => {
    // A server that accepts no handshake: the client waits for the server's part of it.
    const server = await raw(() => undefined);
    const slow = new UpstreamClient({ transport: { ...TRANSPORT_DEFAULTS, connectTimeoutMs: 50 } });
    const error = await failure(slow.send(writeTo(`https://127.0.0.1:${server.port}/`), scopeOf(), plainTraits));
    expect([error.code, error.details.outcome]).toEqual(["PROVIDER_UNAVAILABLE", "NOT_SENT"]);
    slow.close();
    await server.close();
  });
});
