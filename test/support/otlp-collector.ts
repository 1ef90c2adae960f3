import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

type Value = string | number | boolean | Value[];

/** A span as a collector receives it, with plain values. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  name: string;
  kind: "internal" | "server" | "client";
  attributes: Record<string, Value>;
  failed: boolean;
  startNs: bigint;
  endNs: bigint;
  resource: Record<string, Value>;
}

/** A point of a metric. A histogram has its number of measurements as `value`. */
export interface CollectedPoint {
  name: string;
  unit: string;
  attributes: Record<string, Value>;
  value: number;
}

interface OtlpValue {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values?: OtlpValue[] };
}
interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}
interface OtlpPoint {
  attributes?: OtlpAttribute[];
  asInt?: string | number;
  asDouble?: number;
  count?: string | number;
}
interface OtlpMetric {
  name: string;
  unit?: string;
  sum?: { dataPoints: OtlpPoint[] };
  gauge?: { dataPoints: OtlpPoint[] };
  histogram?: { dataPoints: OtlpPoint[] };
}
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: OtlpAttribute[];
  status?: { code?: number };
}
interface OtlpBody {
  resourceSpans?: { resource: { attributes: OtlpAttribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
  resourceMetrics?: { scopeMetrics: { metrics: OtlpMetric[] }[] }[];
}

const KINDS = { 1: "internal", 2: "server", 3: "client" } as Record<number, CollectedSpan["kind"]>;

/** A collector of OpenTelemetry that speaks OTLP over HTTP with JSON. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  /** The last value of each metric and its attributes. */
  readonly points = new Map<string, CollectedPoint>();
  /** Bodies as received. */
  readonly bodies: string[] = [];
  /** TAKE answers 200, REFUSE 400, HANG not at all. */
  mode: "TAKE" | "REFUSE" | "HANG" = "TAKE";
  /** Requests so far, whatever the mode. */
  requests = 0;
  readonly #server: http.Server;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        this.#take(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body, response);
      });
    });
  }

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((resolve) => collector.#server.listen(0, "127.0.0.1", resolve));
    return collector;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until the collector has received what `look` looks for. */
  async receives<Found>(look: () => Found | undefined | false): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Waits for the span of a request, and then returns all spans of its trace that have come with it or before. */
  async trace(requestId: string): Promise<{ root: CollectedSpan; spans: CollectedSpan[] }> {
    const root = await this.receives(() =>
      this.spans.find(({ attributes }) => attributes["crmesh.request.id"] === requestId),
    );
    return { root, spans: this.spans.filter(({ traceId }) => traceId === root.traceId) };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(body: Buffer, response: ServerResponse): void {
    this.requests += 1;
    if (this.mode === "REFUSE") response.writeHead(400).end();
    if (this.mode === "TAKE") {
      this.bodies.push(body.toString());
      this.#read(JSON.parse(body.toString()) as OtlpBody);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    }
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #read({ resourceSpans = [], resourceMetrics = [] }: OtlpBody): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push(spanOf(span, attributesOf(resource.attributes)));
    }
    for (const metric of resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics),
    )) {
      for (const point of (metric.sum ?? metric.gauge ?? metric.histogram)?.dataPoints ?? []) {
        const attributes = attributesOf(point.attributes);
        const value = Number(point.asInt ?? point.asDouble ?? point.count);
        const collected = { name: metric.name, unit: metric.unit ?? "", attributes, value };
        this.points.set(`${metric.name} ${JSON.stringify(attributes)}`, collected);
      }
    }
  }
}

function spanOf(span: OtlpSpan, resource: Record<string, Value>): CollectedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? "",
    name: span.name,
    kind: KINDS[span.kind]!,
    attributes: attributesOf(span.attributes),
    failed: span.status?.code === 2,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
    resource,
  };
}

function attributesOf(attributes: readonly OtlpAttribute[] = []): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf({ stringValue, intValue, doubleValue, boolValue, arrayValue }: OtlpValue): Value {
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? doubleValue ?? boolValue ?? (arrayValue?.values ?? []).map(valueOf);
}
