import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MetricReader } from "@opentelemetry/sdk-metrics";
import type { Logger } from "../../logger.js";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus-text.js";

/** Milliseconds that a collection may take. Longer than the store's own time-out would make a scrape useless. */
const COLLECT_TIMEOUT_MS = 5_000;

/** Answers `GET /metrics` with the metrics of the moment. */
export class PrometheusEndpoint extends MetricReader {
  readonly #server: Server;
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
    this.#server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
      const path = request.url?.split("?")[0];
      if (path !== "/metrics") return void response.writeHead(404).end();
      if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
      return void this.#answer(response);
    });
  }

  /** @returns its origin. @throws Error if the port is in use */
  async listen(port: number, host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host }, resolve);
    });
    const { address, family, port: taken } = this.#server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(response: ServerResponse): Promise<void> {
    try {
      const { resourceMetrics, errors } = await this.collect({ timeoutMillis: COLLECT_TIMEOUT_MS });
      for (const err of errors) this.#logger.warn({ err }, "A metric cannot be read");
      response.writeHead(200, { "content-type": PROMETHEUS_TYPE }).end(prometheusText(resourceMetrics));
    } catch (err) {
      this.#logger.warn({ err }, "The metrics cannot be collected");
      response.writeHead(500).end();
    }
  }
}
