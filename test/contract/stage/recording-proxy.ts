import http from "node:http";
import type { AddressInfo } from "node:net";

/** One recorded HTTP request. */
export interface RecordedRequest {
  method: string;
  /** Path and query string. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** An HTTP proxy before a sandbox CRM. It records the requests of the adapter. */
export interface RecordingProxy {
  readonly origin: string;
  /** Every request since the start of the proxy, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Holds back every answer from now on and calls back once the CRM has given it; null passes answers on again. */
  silence(onAnswer: (() => void) | null): void;
  close(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  let onHeldBack: (() => void) | null = null;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { method = "GET", url = "/", headers } = request;
      requests.push({ method, url, headers, body: body.toString("utf8") });
      const upstream = http.request(`${target}${url}`, { method, headers, agent }, (answer) => {
        if (onHeldBack) {
          answer.resume().on("end", onHeldBack);
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
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    silence: (onAnswer) => void (onHeldBack = onAnswer),
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
