import { once } from "node:events";
import { chmod, mkdtemp, rename, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import {
  controlRequest,
  lineOf,
  MAX_REQUEST_BYTES,
  readLine,
  type ControlAnswer,
  type ControlRequest,
} from "./protocol.js";
import { controlSocketOf, withSocketPath } from "./socket-path.js";

/** Milliseconds in which a client must send its request, and in which it must take the rest of the output. */
const CLIENT_TIMEOUT_MS = 5_000;
/** The most clients at a time. */
const MAX_CLIENTS = 16;

export interface ControlOutput {
  out: (text: string) => void;
  err: (text: string) => void;
}

export interface ControlOptions {
  dataDir: string;
  /** Runs a command line. @returns its exit code */
  run: (request: ControlRequest, output: ControlOutput) => Promise<number>;
  /** Called if a command throws, which is a bug, or the socket fails. */
  onError: (error: unknown) => void;
  clientTimeoutMs?: number;
}

export interface ControlServer {
  /** Takes no more commands, waits for running ones, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Takes commands of other processes of the same user through a Unix socket in the data folder, never over TCP. The caller
 * must hold the lock of the folder: a socket that is already there belongs to a dead server, and is replaced.
 */
export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const { dataDir, clientTimeoutMs = CLIENT_TIMEOUT_MS } = options;
  const clients = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    const served = serveClient(socket, options, clientTimeoutMs).finally(() => clients.delete(socket));
    clients.set(socket, served);
  });
  server.maxConnections = MAX_CLIENTS;
  const path = controlSocketOf(dataDir);
  await listen(server, dataDir, path);
  server.on("error", options.onError);
  return {
    close: async () => {
      const closed = once(server, "close");
      server.close();
      await Promise.all([closed, ...clients.values()]);
      await rm(path, { force: true });
    },
  };
}

/**
 * The socket is created in a folder that only this user can enter, and moved to its place when it has its mode. So nobody
 * else can open it at any moment, whatever the umask and the mode of the data folder are.
 */
async function listen(server: Server, dataDir: string, path: string): Promise<void> {
  const folder = await mkdtemp(join(dataDir, "control-"));
  try {
    const draft = join(folder, "s");
    await withSocketPath(draft, async (short) => {
      server.listen({ path: short });
      await once(server, "listening");
    });
    await chmod(draft, 0o600);
    await rename(draft, path);
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Serves one client to its end. Never rejects. */
async function serveClient(socket: Socket, { run, onError }: ControlOptions, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // A client that goes away does not end its command.
  socket.on("error", () => socket.destroy());
  socket.setTimeout(timeoutMs, () => socket.destroy());
  const request = await requestOf(socket);
  if (request === null) {
    socket.destroy();
    return closed;
  }
  socket.setTimeout(0);
  const send = (answer: ControlAnswer) => void (socket.writable && socket.write(lineOf(answer)));
  send({ accepted: true });
  try {
    const exitCode = await run(request, { out: (out) => send({ out }), err: (err) => send({ err }) });
    send({ exitCode });
  } catch (error) {
    onError(error);
  }
  socket.setTimeout(timeoutMs, () => socket.destroy());
  socket.end();
  return closed;
}

/** Reads the request. Null if the client ends before, sends too much, or sends something else. */
function requestOf(socket: Socket): Promise<ControlRequest | null> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.once("close", () => resolve(null));
    socket.once("end", () => resolve(null));
    socket.on("data", (part: string) => {
      text += part;
      const end = text.indexOf("\n");
      if (Buffer.byteLength(text) > MAX_REQUEST_BYTES) resolve(null);
      else if (end >= 0) resolve(readLine(controlRequest, text.slice(0, end)));
    });
  });
}
