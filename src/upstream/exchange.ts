import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Agents } from "./socket-pool.js";

/** One HTTP request, as it goes out. */
export interface Outgoing {
  method: string;
  url: URL;
  headers: http.OutgoingHttpHeaders;
  body: string | undefined;
  agents: Agents;
  lookup: LookupFunction | undefined;
  /** Milliseconds for the whole exchange. */
  timeoutMs: number;
  /** Milliseconds for each step to reach the server: DNS, TCP and TLS. */
  connectTimeoutMs: number;
  /** Maximum size of the answer in bytes, before and after it is decompressed. */
  maxBytes: number;
  signal: AbortSignal | undefined;
  /** Called with the request, before it is sent. */
  onRequest(sending: ClientRequest): void;
}

export interface Answered {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** Why crmesh itself ended an exchange: its time, the time of a step, the size of the answer, or the caller. */
export class ExchangeEnded extends Error {
  override readonly name = "ExchangeEnded";
  constructor(readonly why: "TIME" | "STEP" | "SIZE" | "CALLER") {
    super(why);
  }
}

const utf8 = new TextDecoder();

/**
 * Sends a request and reads its answer whole. It follows no redirect and repeats nothing.
 * @throws ExchangeEnded, and the errors of Node's HTTP client, its sockets and its decompression
 */
export async function exchange(outgoing: Outgoing): Promise<Answered> {
  const { response, bytes } = await received(outgoing);
  const { headers, statusCode } = response;
  const plain = await decompressed(bytes, headers["content-encoding"], outgoing.maxBytes);
  return { status: statusCode!, headers, text: utf8.decode(plain) };
}

function received(outgoing: Outgoing): Promise<{ response: IncomingMessage; bytes: Buffer }> {
  const { url, method, headers, body, agents, lookup, maxBytes, signal } = outgoing;
  const isTls = url.protocol === "https:";
  const agent = isTls ? agents.https : agents.http;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new ExchangeEnded("CALLER"));
    const sending = (isTls ? https : http).request(url, {
      method,
      headers,
      agent,
      ...(lookup && { lookup }),
    });
    const end = (why: ExchangeEnded["why"]) => fail(new ExchangeEnded(why));
    const onAbort = () => end("CALLER");
    const whole = timer(outgoing.timeoutMs, () => end("TIME"));
    const cancelSteps = watchSteps(sending, isTls, outgoing.connectTimeoutMs, () => end("STEP"));
    const settle = () => {
      whole.cancel();
      cancelSteps();
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: Error) => {
      settle();
      // Later errors of the request are of no interest: the promise is settled.
      reject(error);
      sending.destroy();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    sending.on("error", fail);
    sending.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) end("SIZE");
      });
      response.on("end", () => {
        settle();
        resolve({
          response,
          bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
        });
      });
    });
    outgoing.onRequest(sending);
    sending.end(body);
  });
}

/** Gives each step to reach the server its own time. A socket that is reused has no steps left. */
function watchSteps(sending: ClientRequest, isTls: boolean, ms: number, onLate: () => void): () => void {
  let step: Timer | null = null;
  const next = () => {
    step?.cancel();
    step = timer(ms, onLate);
  };
  const done = () => step?.cancel();
  sending.once("socket", (socket: Socket) => {
    if (!socket.connecting) return;
    next();
    socket.once("lookup", next);
    socket.once("connect", isTls ? next : done);
    if (isTls) socket.once("secureConnect", done);
    sending.once("close", () => {
      socket
        .off("lookup", next)
        .off("connect", isTls ? next : done)
        .off("secureConnect", done);
    });
  });
  return done;
}

interface Timer {
  cancel(): void;
}

/** Ends after a time. What has arrived by then, in a process that has much to do, is read first. */
function timer(ms: number, onEnd: () => void): Timer {
  let isCancelled = false;
  const timeout = setTimeout(() => setImmediate(() => isCancelled || onEnd()), ms);
  timeout.unref();
  return {
    cancel() {
      isCancelled = true;
      clearTimeout(timeout);
    },
  };
}

export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const unbrotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

/** @throws ExchangeEnded if the result is too large */
async function decompressed(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || bytes.length === 0) return bytes;
  const options = { maxOutputLength: maxBytes };
  try {
    switch (encoding.trim().toLowerCase()) {
      case "gzip":
      case "x-gzip":
        return await gunzip(bytes, options);
      case "br":
        return await unbrotli(bytes, options);
      case "deflate":
        // Some servers leave out the header of zlib, whose first byte names the method 8.
        return await ((bytes[0]! & 0x0f) === 8 ? inflate : inflateRaw)(bytes, options);
      default:
        return bytes;
    }
  } catch (error) {
    throw (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? new ExchangeEnded("SIZE") : error;
  }
}
