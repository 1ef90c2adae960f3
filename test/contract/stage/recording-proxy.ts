import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

/** One recorded HTTP request. */
export interface RecordedRequest {
  method: string;
  /** Path and query string. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** One answer, as it goes over the wire. */
export interface WireAnswer {
  status: number;
  headers: http.OutgoingHttpHeaders;
  text: string;
}

/** A request and the CRM's answer to it. */
export interface Exchange {
  request: RecordedRequest;
  answer: WireAnswer;
}

/** An HTTP proxy before a sandbox CRM or a real one. It records the requests of the adapter. */
export interface RecordingProxy {
  readonly origin: string;
  /** Every request since the start of the proxy, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Changes the text of every answer, for what a CRM can say and the sandbox has no data for. Null changes nothing. */
  change: ((text: string) => string) | null;
  /** Holds back every answer from now on and calls back once the CRM has given it; null passes answers on again. */
  silence(onAnswer: (() => void) | null): void;
  /** Called for every request. The proxy itself answers 500 to those for which it says true. */
  fails: (request: RecordedRequest) => boolean;
  /** Called for every request. The proxy itself gives the answer; null asks the CRM. */
  answers: (request: RecordedRequest) => WireAnswer | null;
  /** Called with every answer of the CRM, once it is complete; null passes answers on as they come. */
  onExchange: ((exchange: Exchange) => void) | null;
  close(): Promise<void>;
}

/** @param target scheme, host and port of a sandbox; those of a real CRM by the path of the request */
export async function startRecordingProxy(target: string | ((path: string) => string)): Promise<RecordingProxy> {
  const isReal = typeof target === "function";
  const targetOf = isReal ? target : () => target;
  const requests: RecordedRequest[] = [];
  let onHeldBack: (() => void) | null = null;
  const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { method = "GET", url = "/", headers } = request;
      const recorded = { method, url, headers, body: body.toString("utf8") };
      requests.push(recorded);
      if (proxy.fails(recorded)) {
        response.writeHead(500, { "content-type": "application/json" }).end("{}");
        return;
      }
      const own = proxy.answers(recorded);
      if (own) {
        response.writeHead(own.status, own.headers).end(own.text);
        return;
      }
      const whole = new URL(`${targetOf(url.split("?")[0]!)}${url}`);
      const isEncrypted = whole.protocol === "https:";
      const options = {
        method,
        // A real CRM knows itself by its own name. An answer that is not compressed can be recorded as text.
        headers: isReal ? { ...headers, host: whole.host, "accept-encoding": "identity" } : headers,
        agent: agents[isEncrypted ? "https:" : "http:"],
      };
      const upstream = (isEncrypted ? https : http).request(whole, options, (answer) => {
        if (onHeldBack) {
          answer.resume().on("end", onHeldBack);
          return;
        }
        const { change, onExchange } = proxy;
        if (change ?? onExchange) {
          void textOf(answer).then((text) => {
            const { "content-length": _length, ...others } = answer.headers;
            const status = answer.statusCode ?? 502;
            onExchange?.({ request: recorded, answer: { status, headers: others, text } });
            response.writeHead(status, others).end(change ? change(text) : text);
          });
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // If the CRM breaks off its answer, so does the proxy.
        answer.on("error", () => response.destroy());
        answer.pipe(response);
      });
      upstream.on("error", () => response.destroy());
      // If the caller gives up, the proxy aborts its request to the CRM.
      response.on("close", () => upstream.destroy());
      upstream.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RecordingProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    change: null,
    silence: (onAnswer) => void (onHeldBack = onAnswer),
    fails: () => false,
    answers: () => null,
    onExchange: null,
    close: async () => {
      for (const agent of Object.values(agents)) agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
