import http from "node:http";
import type { AddressInfo } from "node:net";

export interface ProxiedRequest {
  method: string;
  /** Path and query. */
  url: string;
  body: string;
}

/** A proxy in front of a server that answers 500 to the requests that a test chooses. */
export class FailingProxy {
  /** Called with every request, in the order in which they come. True refuses the request. */
  fails: (request: ProxiedRequest) => boolean = () => false;
  readonly #server: http.Server;

  private constructor(target: () => string) {
    this.#server = http.createServer((request, response) => {
      const { method = "GET", url = "/", headers } = request;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        if (this.fails({ method, url, body: body.toString("utf8") })) {
          response.writeHead(500, { "content-type": "application/json" }).end('{"status":"error"}');
          return;
        }
        const upstream = http.request(`${target()}${url}`, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        });
        upstream.on("error", () => response.destroy());
        upstream.end(body);
      });
    });
  }

  /** @param target its origin, or a function if the target starts later than the proxy */
  static async open(target: string | (() => string)): Promise<FailingProxy> {
    const proxy = new FailingProxy(typeof target === "string" ? () => target : target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
