import http from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it went over the wire. */
export interface RecordedRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Where a request carries this header, its answer is kept back for good, once it is there: the work is done, and nobody hears of it. */
export const SILENCE = "x-proxy-silence";

/** A plain HTTP proxy in front of a sandbox CRM: what an adapter really asks for is read off the wire. */
export interface RecordingProxy {
  readonly origin: string;
  /** Every request since the proxy was started, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Called for every answer that is kept back. */
  onSilence: () => void;
  /** Called for every request. The proxy itself answers 500 to those for which it says true. */
  fails: (request: RecordedRequest) => boolean;
  close(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const agent = new http.Agent({ keepAlive: true });
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
      const upstream = http.request(`${target}${url}`, { method, headers, agent }, (answer) => {
        if (headers[SILENCE] !== undefined) {
          answer.resume().on("end", () => proxy.onSilence());
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // An answer that breaks off there breaks off here, too.
        answer.on("error", () => response.destroy());
        answer.pipe(response);
      });
      upstream.on("error", () => response.destroy());
      // A caller who gives up is seen to give up on the other side, too.
      response.on("close", () => upstream.destroy());
      upstream.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RecordingProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    onSilence: () => undefined,
    fails: () => false,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
