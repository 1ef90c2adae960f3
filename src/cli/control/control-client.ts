import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { UnavailableError } from "../command-errors.js";
import { controlAnswer, lineOf, readLine, type ControlRequest } from "./protocol.js";
import { controlSocketOf, withSocketPath } from "./socket-path.js";
import type { ControlOutput } from "./control-server.js";

/** Milliseconds in which the server must accept a command. */
const ACCEPT_TIMEOUT_MS = 10_000;
/** Codes of a socket that is not there, or that a dead server has left. */
const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ENOTSOCK"]);

/**
 * Runs a command in the server that has the data folder open, and passes its output on.
 *
 * @returns the exit code; null if no server listens
 * @throws UnavailableError if the server does not answer, or ends before the command does
 */
export async function askServer(
  dataDir: string,
  request: ControlRequest,
  output: ControlOutput,
  acceptTimeoutMs = ACCEPT_TIMEOUT_MS,
): Promise<number | null> {
  const socket = await withSocketPath(controlSocketOf(dataDir), connected);
  if (socket === null) return null;
  try {
    return await converse(socket, request, output, acceptTimeoutMs);
  } finally {
    socket.destroy();
  }
}

async function connected(path: string): Promise<Socket | null> {
  const socket = connect({ path });
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    socket.destroy();
    const { code, message } = error as NodeJS.ErrnoException;
    if (NOBODY.has(code ?? "")) return null;
    throw new UnavailableError(`The running server cannot be reached: ${message}.`, { cause: error });
  }
}

async function converse(
  socket: Socket,
  request: ControlRequest,
  { out, err }: ControlOutput,
  acceptTimeoutMs: number,
): Promise<number> {
  let accepted = false;
  const unaccepted = setTimeout(() => socket.destroy(), acceptTimeoutMs);
  socket.write(lineOf(request));
  try {
    for await (const line of linesOf(socket)) {
      const answer = readLine(controlAnswer, line);
      if (answer === null) continue;
      if ("exitCode" in answer) return answer.exitCode;
      if ("out" in answer) out(answer.out);
      if ("err" in answer) err(answer.err);
      if ("accepted" in answer) {
        accepted = true;
        clearTimeout(unaccepted);
      }
    }
  } finally {
    clearTimeout(unaccepted);
  }
  throw new UnavailableError(
    accepted
      ? "The server ended before the command did. Check whether the command was carried out before you repeat it."
      : "The running server does not take the command. Try again later, or stop the server first.",
  );
}

/** The lines that the server sends, until the connection ends in any way. Splits at line feeds only, as the protocol does. */
async function* linesOf(socket: Socket): AsyncGenerator<string> {
  socket.setEncoding("utf8");
  let rest = "";
  const parts = socket[Symbol.asyncIterator]() as AsyncIterator<string>;
  for (;;) {
    // A connection that breaks or is destroyed rejects. The caller reports that no exit code came.
    const part = await parts.next().catch(() => ({ done: true as const }));
    if (part.done) return;
    const lines = (rest + part.value).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
