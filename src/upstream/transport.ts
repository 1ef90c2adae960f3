import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import got, { type ExtendOptions, type Got, RequestError, type StreamOptions, TimeoutError } from "got";
import type { ErrorCode } from "../errors/catalogue.js";
import { CrmError, invalidInput } from "../errors/crm-error.js";
import { AnswerBody } from "./answer-body.js";
import { parseJson } from "./long-number.js";
import { assertPublicHost, PrivateHostError, publicLookup } from "./host-guard.js";
import { IncompleteError, receive, TooLargeError } from "./receive.js";
import type { SendableRequest, UpstreamResponse } from "./request.js";
import { SocketPool } from "./socket-pool.js";

export interface TransportOptions {
  /** Milliseconds for a whole attempt. */
  timeoutMs: number;
  /** Milliseconds for each step to reach the server: DNS, TCP and TLS. */
  connectTimeoutMs: number;
  /** Maximum size of an answer in bytes. */
  maxResponseBytes: number;
}

export const TRANSPORT_DEFAULTS: TransportOptions = {
  timeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  maxResponseBytes: 20 * 1024 * 1024,
};

/**
 * An attempt without a usable answer.
 *
 * `sent` is true if the CRM may have received the request. `isCut` is true if a time limit of crmesh ended the attempt
 * before the CRM had its whole time: then the failure says nothing about the CRM.
 */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  constructor(
    readonly error: CrmError,
    readonly sent: boolean,
    readonly isCut = false,
  ) {
    super(error.message);
  }
}

export interface AttemptBounds {
  /** Milliseconds for the attempt, if that is less than the transport's own time-out. */
  remainingMs: number;
  /** Ends a read. Its reason is the CrmError with which the read fails. */
  signal?: AbortSignal | undefined;
  allowPrivateHosts: boolean;
  /** Called when the whole request has been handed over to the connection. */
  onSent?: (() => void) | undefined;
}

/** Sends HTTP requests: keep-alive, time-outs per phase, limited answers. Without retries and circuits. */
export class Transport {
  readonly #options: TransportOptions;
  /**
   * Two pools: a socket that the operator's configuration opened may lead to a private host. A tenant's address of the same
   * name must not reach that host, so it must not get that socket, whose name is not resolved again.
   */
  readonly #pools = { anyHost: new SocketPool(), publicHost: new SocketPool() };
  readonly #toAnyHost: Senders;
  readonly #toPublicHost: Senders;

  constructor(options: TransportOptions = TRANSPORT_DEFAULTS) {
    this.#options = options;
    const { timeoutMs, connectTimeoutMs } = options;
    // got checks and merges the options of each call again, so set the common options once.
    const common = got.extend({
      throwHttpErrors: false,
      // decideRetry decides about retries. got would also repeat calls that change something.
      retry: { limit: 0 },
      // A redirect would send the credential to another URL.
      followRedirect: false,
      timeout: {
        request: timeoutMs,
        lookup: connectTimeoutMs,
        connect: connectTimeoutMs,
        secureConnect: connectTimeoutMs,
      },
      headers: { accept: "application/json", "user-agent": "crmesh" },
    });
    this.#toAnyHost = sendersOver(this.#pools.anyHost, common);
    this.#toPublicHost = sendersOver(
      this.#pools.publicHost,
      common.extend({ dnsLookup: publicLookup } as ExtendOptions),
    );
  }

  /** @throws TransportFailure */
  async send(request: SendableRequest, bounds: AttemptBounds): Promise<UpstreamResponse> {
    // Only reads stop when the caller disconnects. The result of an interrupted write would be unknown.
    const signal = request.safe ? bounds.signal : undefined;
    const { maxResponseBytes } = this.#options;
    const delivery = new Delivery();
    try {
      if (!bounds.allowPrivateHosts) assertPublicHost(request.target);
      const senders = bounds.allowPrivateHosts ? this.#toAnyHost : this.#toPublicHost;
      const send = request.safe && !request.changes ? senders.read : senders.write;
      const stream = send.stream(request.target, this.#gotOptions(request, bounds, signal));
      stream.once("request", (sending: ClientRequest) => {
        delivery.watch(sending);
        if (bounds.onSent) sending.once("finish", bounds.onSent);
      });
      // Without a body, got would wait for one that is written to the stream.
      if (request.method !== "GET" && request.jsonText === undefined && request.form === undefined) stream.end();
      const { status, headers, bytes } = await receive(stream, maxResponseBytes);
      const { value, isJson } = parseBody(UTF_8.decode(bytes), headers);
      const body = new AnswerBody(value, !request.safe || request.changes === true);
      return { status, headers, body, isJson, path: request.target.pathname };
    } catch (error) {
      if (error instanceof TooLargeError)
        throw failure("PROVIDER_ERROR", `The CRM’s response is larger than ${maxResponseBytes} bytes.`, true);
      if (signal?.aborted) throw endedBy(signal);
      throw mapFailure(error, delivery.hasBegun, bounds.remainingMs < this.#options.timeoutMs);
    }
  }

  close(): void {
    this.#pools.anyHost.close();
    this.#pools.publicHost.close();
  }

  #gotOptions(
    { method, headers, jsonText, form }: SendableRequest,
    { remainingMs }: AttemptBounds,
    signal: AbortSignal | undefined,
  ): StreamOptions {
    const options: StreamOptions = { method };
    if (signal) options.signal = signal;
    if (remainingMs < this.#options.timeoutMs) options.timeout = { request: Math.max(1, remainingMs) };
    if (jsonText !== undefined) {
      options.body = jsonText;
      options.headers = { "content-type": "application/json", ...headers };
    } else if (headers !== undefined) options.headers = headers;
    if (form !== undefined) options.form = form;
    return options;
  }
}

/** Reads may use any socket, and writes only some (@see SocketPool). */
interface Senders {
  read: Got;
  write: Got;
}

function sendersOver({ forReads, forWrites }: SocketPool, common: Got): Senders {
  return { read: common.extend({ agent: forReads }), write: common.extend({ agent: forWrites }) };
}

/** Whether a byte of a request was handed over to a connection with the CRM. Before that, the CRM cannot have received it. */
class Delivery {
  hasBegun = false;

  watch(request: ClientRequest): void {
    if (request.socket) this.#watchSocket(request, request.socket);
    else request.once("socket", (socket) => this.#watchSocket(request, socket));
  }

  /** Node hands the request over as soon as the socket is connected, and with TLS, after the handshake. */
  #watchSocket(request: ClientRequest, socket: Socket): void {
    const begin = () => (this.hasBegun = true);
    const isConnecting = socket.connecting || ("secureConnecting" in socket && socket.secureConnecting === true);
    if (request.reusedSocket || !isConnecting) begin();
    else socket.once(request.protocol === "https:" ? "secureConnect" : "connect", begin);
  }
}

function failure(code: ErrorCode, detail: string, sent: boolean, isCut = false): TransportFailure {
  return new TransportFailure(new CrmError(code, { detail }), sent, isCut);
}

function endedBy({ reason }: AbortSignal): TransportFailure {
  if (reason instanceof CrmError) return new TransportFailure(reason, true);
  return failure("SERVICE_UNAVAILABLE", "The caller closed the connection before its response was ready.", true);
}

/**
 * Replaces got's errors: they contain URLs, headers and bodies, so they must not even be a cause.
 * @param sent whether the CRM may have received the request
 * @param isShort true if the attempt had less time than the transport's own time-out
 */
function mapFailure(error: unknown, sent: boolean, isShort: boolean): unknown {
  if (error instanceof PrivateHostError || (error instanceof RequestError && error.cause instanceof PrivateHostError)) {
    // The end user entered the host, and can correct it.
    return new TransportFailure(
      invalidInput({ host: "Expected a CRM with a public address, got a private one." }),
      false,
    );
  }
  if (error instanceof TimeoutError) {
    const isCut = isShort && error.event === "request";
    return failure("PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", sent, isCut);
  }
  if (error instanceof RequestError || error instanceof IncompleteError) {
    return failure("PROVIDER_UNAVAILABLE", "The CRM could not be reached.", sent);
  }
  return error;
}

/** Leaves out a byte order mark. */
const UTF_8 = new TextDecoder();

function parseBody(text: string, headers: UpstreamResponse["headers"]): { value: unknown; isJson: boolean } {
  const looksLikeJson = String(headers["content-type"] ?? "").includes("json") || /^\s*[[{]/.test(text);
  if (!looksLikeJson) return { value: text, isJson: false };
  try {
    return { value: parseJson(text, (digits) => digits), isJson: true };
  } catch {
    return { value: text, isJson: false };
  }
}
