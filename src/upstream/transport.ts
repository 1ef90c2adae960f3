import http from "node:http";
import https from "node:https";
import got, { type ExtendOptions, type Got, type OptionsOfTextResponseBody, RequestError, TimeoutError } from "got";
import type { ErrorCode } from "../errors/catalogue.js";
import { CrmError, invalidInput } from "../errors/crm-error.js";
import { AnswerBody } from "./answer-body.js";
import { parseJson } from "./long-number.js";
import { assertPublicHost, PrivateHostError, publicLookup } from "./host-guard.js";
import type { UpstreamRequest, UpstreamResponse } from "./request.js";

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

/** An attempt without a usable answer. `sent` is true if the CRM may have received the request. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  constructor(
    readonly error: CrmError,
    readonly sent: boolean,
  ) {
    super(error.message);
  }
}

/** Phases of got's time-outs before the request is sent. */
const BEFORE_SENDING = new Set(["lookup", "connect", "secureConnect"]);
/** Socket errors before a connection is established. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

export interface AttemptBounds {
  /** Milliseconds for the attempt, if that is less than the transport's own time-out. */
  remainingMs: number;
  /** Ends a read. Its reason is the CrmError with which the read fails. */
  signal?: AbortSignal | undefined;
  allowPrivateHosts: boolean;
}

/** Sends HTTP requests: keep-alive, time-outs per phase, limited answers. Without retries and circuits. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 64 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 64 }),
  };
  readonly #toAnyHost: Got;
  readonly #toPublicHost: Got;

  constructor(options: TransportOptions = TRANSPORT_DEFAULTS) {
    this.#options = options;
    const { timeoutMs, connectTimeoutMs } = options;
    // got checks and merges the options of each call again, so set the common options once.
    this.#toAnyHost = got.extend({
      agent: this.#agents,
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
    this.#toPublicHost = this.#toAnyHost.extend({ dnsLookup: publicLookup } as ExtendOptions);
  }

  /** @throws TransportFailure */
  async send(request: UpstreamRequest, bounds: AttemptBounds): Promise<UpstreamResponse> {
    const stop = new AbortController();
    const onCallerGone = () => stop.abort();
    // Only reads stop when the caller disconnects. The result of an interrupted write would be unknown.
    const callerSignal = request.safe ? bounds.signal : undefined;
    callerSignal?.addEventListener("abort", onCallerGone, { once: true });
    if (callerSignal?.aborted) stop.abort();
    let tooLarge = false;
    try {
      if (!bounds.allowPrivateHosts) assertPublicHost(new URL(request.url));
      const send = bounds.allowPrivateHosts ? this.#toAnyHost : this.#toPublicHost;
      const call = send(request.url, { ...this.#gotOptions(request, bounds), signal: stop.signal });
      void call.on("downloadProgress", ({ transferred }) => {
        if (transferred <= this.#options.maxResponseBytes) return;
        tooLarge = true;
        stop.abort();
      });
      const response = await call;
      const { statusCode: status, headers } = response;
      const { value, isJson } = parseBody(response.body, headers);
      return { status, headers, body: new AnswerBody(value, !request.safe || request.changes === true), isJson };
    } catch (error) {
      if (tooLarge)
        throw failure(
          "PROVIDER_ERROR",
          `The CRM’s response is larger than ${this.#options.maxResponseBytes} bytes.`,
          true,
        );
      if (callerSignal?.aborted) throw endedBy(callerSignal);
      throw mapFailure(error);
    } finally {
      callerSignal?.removeEventListener("abort", onCallerGone);
    }
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #gotOptions(request: UpstreamRequest, { remainingMs }: AttemptBounds): OptionsOfTextResponseBody {
    return {
      method: request.method,
      ...(remainingMs < this.#options.timeoutMs ? { timeout: { request: Math.max(1, remainingMs) } } : {}),
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      ...(request.json === undefined ? {} : { json: request.json }),
      ...(request.form === undefined ? {} : { form: request.form }),
    };
  }
}

function failure(code: ErrorCode, detail: string, sent: boolean): TransportFailure {
  return new TransportFailure(new CrmError(code, { detail }), sent);
}

function endedBy({ reason }: AbortSignal): TransportFailure {
  if (reason instanceof CrmError) return new TransportFailure(reason, true);
  return failure("SERVICE_UNAVAILABLE", "The caller closed the connection before its response was ready.", true);
}

/** Replaces got's errors: they contain URLs, headers and bodies, so they must not even be a cause. */
function mapFailure(error: unknown): unknown {
  if (error instanceof PrivateHostError || (error instanceof RequestError && error.cause instanceof PrivateHostError)) {
    // The end user entered the host, and can correct it.
    return new TransportFailure(
      invalidInput({ host: "Expected a CRM with a public address, got a private one." }),
      false,
    );
  }
  if (error instanceof TimeoutError) {
    return failure("PROVIDER_UNAVAILABLE", "The CRM did not answer in time.", !BEFORE_SENDING.has(error.event));
  }
  if (error instanceof RequestError) {
    return failure("PROVIDER_UNAVAILABLE", "The CRM could not be reached.", !NEVER_CONNECTED.has(error.code));
  }
  return error;
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
