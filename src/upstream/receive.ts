import type { Request } from "got";
import type { UpstreamResponse } from "./request.js";

/** An answer as it came. */
export interface Received extends Pick<UpstreamResponse, "status" | "headers"> {
  bytes: Buffer;
}

/** Thrown for an answer that is larger than allowed. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** Thrown if got's stream closes before the whole answer has come, and reports no error. */
export class IncompleteError extends Error {
  override readonly name = "IncompleteError";
}

/** got reports an error that comes after the end of an answer, and nobody waits for it. */
const ignore = () => undefined;

/**
 * Waits for the whole answer to a request of got.
 * @param maxBytes of the body, after its decompression. A larger one is not read to its end.
 * @throws TooLargeError, IncompleteError, and got's errors
 */
export async function receive(stream: Request, maxBytes: number): Promise<Received> {
  const head: { statusCode: number; headers: Received["headers"] } = { statusCode: 0, headers: {} };
  const chunks: Buffer[] = [];
  let size = 0;
  let end!: () => void;
  let fail!: (error: Error) => void;
  const ended = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  const onResponse = ({ statusCode, headers }: typeof head) => Object.assign(head, { statusCode, headers });
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) fail(new TooLargeError());
    else chunks.push(chunk);
  };
  const onClose = () => fail(new IncompleteError());
  stream.on("error", ignore);
  stream.on("error", fail).on("response", onResponse).on("data", onData).on("end", end).on("close", onClose);
  try {
    await ended;
    return { status: head.statusCode, headers: head.headers, bytes: Buffer.concat(chunks) };
  } finally {
    // V8 keeps the stream, and what its listeners refer to, until its next full collection (docs/performance.md).
    stream.off("error", fail).off("response", onResponse).off("data", onData).off("end", end).off("close", onClose);
    stream.destroy();
  }
}
