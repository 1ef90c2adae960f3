import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { ErrorCode } from "../errors/catalogue.js";
import { CrmError, invalidInput } from "../errors/crm-error.js";
import { AnswerBody } from "./answer-body.js";
import { ACCEPTED_ENCODINGS, exchange, ExchangeEnded, type Answered } from "./exchange.js";
import { parseJson } from "./long-number.js";
import { assertPublicHost, PrivateHostError, publicLookup } from "./host-guard.js";
import type { UpstreamRequest, UpstreamResponse } from "./request.js";
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

  constructor(options: TransportOptions = TRANSPORT_DEFAULTS) {
    this.#options = options;
  }

  /** @throws TransportFailure */
  async send(request: UpstreamRequest, bounds: AttemptBounds): Promise<UpstreamResponse> {
    const url = new URL(request.url);
    const { status, headers, text } = await this.#exchange(request, url, bounds);
    const { value, isJson } = parseBody(text, headers);
    const body = new AnswerBody(value, !request.safe || request.changes === true);
    return { status, headers, body, isJson, path: url.pathname };
  }

  close(): void {
    this.#pools.anyHost.close();
    this.#pools.publicHost.close();
  }

  async #exchange(
    request: UpstreamRequest,
    url: URL,
    { allowPrivateHosts, remainingMs, signal: caller, onSent }: AttemptBounds,
  ): Promise<Answered> {
    const { timeoutMs, connectTimeoutMs, maxResponseBytes } = this.#options;
    const pool = allowPrivateHosts ? this.#pools.anyHost : this.#pools.publicHost;
    // Only reads stop when the caller disconnects. The result of an interrupted write would be unknown.
    const signal = request.safe ? caller : undefined;
    const delivery = new Delivery();
    try {
      if (!allowPrivateHosts) assertPublicHost(url);
      return await exchange({
        method: request.method,
        url,
        ...contentOf(request),
        agents: request.safe && !request.changes ? pool.forReads : pool.forWrites,
        lookup: allowPrivateHosts ? undefined : publicLookup,
        timeoutMs: Math.max(1, Math.min(timeoutMs, remainingMs)),
        connectTimeoutMs,
        maxBytes: maxResponseBytes,
        signal,
        onRequest(sending) {
          delivery.watch(sending);
          if (onSent) sending.once("finish", onSent);
        },
      });
    } catch (error) {
      const sent = delivery.hasBegun;
      if (!(error instanceof ExchangeEnded)) throw unreachable(error, sent);
      if (error.why === "CALLER") throw endedBy(signal!);
      if (error.why === "SIZE")
        throw failure("PROVIDER_ERROR", `The CRM’s response is larger than ${maxResponseBytes} bytes.`, true);
      const isCut = error.why === "TIME" && remainingMs < timeoutMs;
      throw failure("PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", sent, isCut);
    }
  }
}

/** The headers and the body of a request. Its own headers come last, and replace the common ones. */
function contentOf({ headers, json, form }: UpstreamRequest): {
  headers: OutgoingHttpHeaders;
  body: string | undefined;
} {
  const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
  return {
    headers: {
      accept: "application/json",
      "accept-encoding": ACCEPTED_ENCODINGS,
      "user-agent": "crmesh",
      ...(body === undefined
        ? {}
        : {
            "content-type": json === undefined ? "application/x-www-form-urlencoded" : "application/json",
            "content-length": Buffer.byteLength(body),
          }),
      ...headers,
    },
    body,
  };
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
 * Replaces the errors of Node's HTTP client: they can contain addresses and headers, so they must not even be a cause.
 * @param sent whether the CRM may have received the request
 */
function unreachable(error: unknown, sent: boolean): TransportFailure {
  if (error instanceof PrivateHostError) {
    // The end user entered the host, and can correct it.
    return new TransportFailure(
      invalidInput({
        host: "Expected a CRM with a public address, got a private one.",
      }),
      false,
    );
  }
  return failure("PROVIDER_UNAVAILABLE", "The CRM could not be reached.", sent);
}

function parseBody(text: string, headers: UpstreamResponse["headers"]): { value: unknown; isJson: boolean } {
  const looksLikeJson = String(headers["content-type"] ?? "").includes("json") || /^\s*[[{]/.test(text);
  if (!looksLikeJson) return { value: text, isJson: false };
  try {
    return { value: parseJson(text, (digits) => digits), isJson: true };
  } catch {
    return { value: text, isJson: false };
  }
}
