import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MetricReader } from "@opentelemetry/sdk-metrics";
import type { Logger } from "../../logger.js";
import { mergedTexts } from "./merged-texts.js";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus-text.js";

/** Milliseconds that a collection may take. Longer than the store's own time-out would make a scrape useless. */
const COLLECT_TIMEOUT_MS = 5_000;

export interface PrometheusOptions {
  logger: Logger;
  /** Value of the label `worker` of all metrics. */
  worker: string | undefined;
  /** The texts of other processes. */
  others: (() => Promise<readonly string[]>) | undefined;
}

/** Answers `GET /metrics` with the metrics of the moment. */
export class PrometheusEndpoint extends MetricReader {
  readonly #server: Server;
  readonly #options: PrometheusOptions;

  constructor(options: PrometheusOptions) {
    super();
    this.#options = options;
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
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Collects the metrics of this process. @throws Error if that fails or takes too long */
  async text(): Promise<string> {
    const { resourceMetrics, errors } = await this.collect({ timeoutMillis: COLLECT_TIMEOUT_MS });
    const { logger, worker } = this.#options;
    for (const err of errors) logger.warn({ err }, "A metric cannot be read");
    return prometheusText(resourceMetrics, worker === undefined ? [] : [["worker", worker]]);
  }

  async #answer(response: ServerResponse): Promise<void> {
    const { logger, others } = this.#options;
    try {
      const [own, more] = await Promise.all([this.text(), others?.() ?? []]);
      const text = more.length === 0 ? own : mergedTexts([own, ...more]);
      response.writeHead(200, { "content-type": PROMETHEUS_TYPE }).end(text);
    } catch (err) {
      logger.warn({ err }, "The metrics cannot be collected");
      response.writeHead(500).end();
    }
  }
}
