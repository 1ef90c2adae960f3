import http from "node:http";
import https from "node:https";
import got, { type ExtendOptions, type Got, type OptionsOfTextResponseBody, RequestError, TimeoutError } from "got";
import type { ErrorCode } from "../errors/catalogue.js";
import { CrmError, invalidInput } from "../errors/crm-error.js";
import { assertPublicHost, PrivateHostError, publicLookup } from "./host-guard.js";
import type { UpstreamRequest, UpstreamResponse } from "./request.js";

export interface TransportOptions {
  /** Milliseconds one attempt may take in all. */
  timeoutMs: number;
  /** Milliseconds to reach the server, TLS included. */
  connectTimeoutMs: number;
  /** Bytes after which an answer is refused. */
  maxResponseBytes: number;
}

export const TRANSPORT_DEFAULTS: TransportOptions = {
  timeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  maxResponseBytes: 20 * 1024 * 1024,
};

/** An attempt that brought no usable answer; says whether the CRM may have seen the request. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  constructor(
    readonly error: CrmError,
    readonly sent: boolean,
  ) {
    super(error.message);
  }
}

/** Phases of got's timer in which the request has surely not left. */
const BEFORE_SENDING = new Set(["lookup", "connect", "secureConnect"]);
/** Failures of the socket that come before a connection stands. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

export interface AttemptBounds {
  /** Milliseconds that the attempt may take, where that is less than the transport's own time-out. */
  remainingMs: number;
  /** Ends a read; its reason is the CrmError that it fails with. */
  signal?: AbortSignal | undefined;
  allowPrivateHosts: boolean;
}

/** Speaks HTTP: keep-alive pools, time-outs by phase, bounded answers. It knows neither retries nor circuits. */
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
    // What all requests have in common is checked and merged once: got does that anew for every option of a call.
    this.#toAnyHost = got.extend({
      agent: this.#agents,
      throwHttpErrors: false,
      // The retry decision is ours: got's would repeat calls whatever they mean to the CRM.
      retry: { limit: 0 },
      // A redirect would carry the credential to wherever it points.
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
    // Only reads stop when the caller has gone: a write that is stopped half-way leaves nobody knowing what happened.
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
      return { status: response.statusCode, headers: response.headers, ...parseBody(response.body, response.headers) };
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

/** got's errors carry URLs, headers and bodies, so none of them travels on, not even as a cause. */
function mapFailure(error: unknown): unknown {
  if (error instanceof PrivateHostError || (error instanceof RequestError && error.cause instanceof PrivateHostError)) {
    // Somebody typed it in, so it is theirs to mend; nothing is wrong with the CRM.
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

function parseBody(text: string, headers: UpstreamResponse["headers"]): Pick<UpstreamResponse, "body" | "isJson"> {
  const looksLikeJson = String(headers["content-type"] ?? "").includes("json") || /^\s*[[{]/.test(text);
  if (!looksLikeJson) return { body: text, isJson: false };
  try {
    return { body: JSON.parse(text), isJson: true };
  } catch {
    return { body: text, isJson: false };
  }
}
