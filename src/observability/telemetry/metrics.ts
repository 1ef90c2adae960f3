import type { TenantLabel } from "./settings.js";

/** Upper bounds of the buckets of durations, in seconds: those of the semantic conventions, and 30 s for slow CRMs. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30] as const;

interface MetricDefinition {
  /** OpenTelemetry's name. Names without `crmesh.` are those of the semantic conventions. */
  name: string;
  /**
   * `counter` and `histogram` are written where something happens. `gauge`, `sum` (which may fall) and `total` (which
   * only grows) are read whenever the metrics are collected.
   */
  kind: "counter" | "histogram" | "gauge" | "sum" | "total";
  /** UCUM. Names in braces are annotations: `{call}` counts calls. */
  unit: string;
  labels: readonly string[];
  /** Labels that exist only if `CRMESH_METRICS_LABELS` has them. */
  tenant?: readonly TenantLabel[];
  description: string;
}

/** All metrics of crmesh. No label grows with tenants, records or URLs. */
export const METRICS = {
  httpDuration: {
    name: "http.server.request.duration",
    kind: "histogram",
    unit: "s",
    labels: ["http.request.method", "http.route", "http.response.status_code"],
    description: "Time of HTTP requests, from their headers to the last byte of the response.",
  },
  httpActive: {
    name: "http.server.active_requests",
    kind: "sum",
    unit: "{request}",
    labels: [],
    description: "HTTP requests that are being answered.",
  },
  operations: {
    name: "crmesh.operations",
    kind: "counter",
    unit: "{operation}",
    labels: ["graphql.operation.type", "crmesh.code"],
    tenant: ["workspace"],
    description:
      "GraphQL requests by operation type and the gravest code of their errors, OK without errors. The type is `none` if the request was refused before its operation was known.",
  },
  operationDuration: {
    name: "crmesh.operation.duration",
    kind: "histogram",
    unit: "s",
    labels: ["graphql.operation.type"],
    description: "Time of GraphQL requests.",
  },
  operationErrors: {
    name: "crmesh.operation.errors",
    kind: "counter",
    unit: "{error}",
    labels: ["crmesh.code"],
    description: "Errors in responses, each counted.",
  },
  upstreamCalls: {
    name: "crmesh.upstream.calls",
    kind: "counter",
    unit: "{call}",
    labels: ["crmesh.provider", "crmesh.outcome", "crmesh.attempt"],
    tenant: ["workspace", "connection"],
    description: "Attempts of calls to CRMs, by the code of their error, OK without one, and by their number (1 to 3).",
  },
  upstreamDuration: {
    name: "crmesh.upstream.call.duration",
    kind: "histogram",
    unit: "s",
    labels: ["crmesh.provider", "crmesh.outcome"],
    description: "Time of attempts of calls to CRMs, without waits.",
  },
  upstreamWait: {
    name: "crmesh.upstream.wait.duration",
    kind: "histogram",
    unit: "s",
    labels: ["crmesh.provider"],
    description:
      "Time that an attempt waited before it was sent: for pace, queues, a probe and the pause before a retry.",
  },
  upstreamRefusals: {
    name: "crmesh.upstream.refusals",
    kind: "counter",
    unit: "{call}",
    labels: ["crmesh.provider", "crmesh.code"],
    tenant: ["workspace", "connection"],
    description: "Calls to CRMs that ended before any attempt was sent, e.g. CIRCUIT_OPEN.",
  },
  upstreamActive: {
    name: "crmesh.upstream.active_calls",
    kind: "sum",
    unit: "{call}",
    labels: ["crmesh.provider"],
    description: "Attempts of calls to CRMs that are under way.",
  },
  upstreamQueue: {
    name: "crmesh.upstream.queue.length",
    kind: "sum",
    unit: "{call}",
    labels: ["crmesh.provider", "crmesh.queue"],
    description:
      "Calls to CRMs that wait: for the pace of the account (pace), a place of the account (bulkhead), a probe (circuit), a place at the CRM (share), or their next attempt (retry).",
  },
  rateBudget: {
    name: "crmesh.upstream.rate_budget",
    kind: "gauge",
    unit: "1",
    labels: ["crmesh.provider"],
    tenant: ["connection"],
    description:
      "Share of the rate limit that is left, as the CRM stated it in the running window: the lowest of all accounts.",
  },
  circuits: {
    name: "crmesh.circuits",
    kind: "sum",
    unit: "{circuit}",
    labels: ["crmesh.provider", "crmesh.level", "crmesh.state"],
    description: "Circuit breakers that are not closed, of connections and of origins.",
  },
  circuitOpenings: {
    name: "crmesh.circuit.openings",
    kind: "counter",
    unit: "{opening}",
    labels: ["crmesh.provider", "crmesh.level"],
    description: "How often circuit breakers have opened.",
  },
  refreshes: {
    name: "crmesh.refreshes",
    kind: "counter",
    unit: "{refresh}",
    labels: ["crmesh.provider", "crmesh.outcome"],
    tenant: ["workspace", "connection"],
    description: "Renewals of credentials at the CRM, by the code of their error, OK without one.",
  },
  refreshDuration: {
    name: "crmesh.refresh.duration",
    kind: "histogram",
    unit: "s",
    labels: ["crmesh.provider"],
    description: "Time of renewals of credentials.",
  },
  connections: {
    name: "crmesh.connections",
    kind: "sum",
    unit: "{connection}",
    labels: ["crmesh.provider", "crmesh.environment", "crmesh.status"],
    description: "Connections in the database, read at most once a minute. All replicas report the same numbers.",
  },
  storeDuration: {
    name: "db.client.operation.duration",
    kind: "histogram",
    unit: "s",
    labels: ["db.system.name", "db.operation.name", "db.collection.name", "error.type"],
    description: "Time of statements at crmesh's database, without the wait for a connection of the pool.",
  },
  loopDelayMean: {
    name: "nodejs.eventloop.delay.mean",
    kind: "gauge",
    unit: "s",
    labels: [],
    description: "Mean delay of the event loop since the last collection.",
  },
  loopDelayP99: {
    name: "nodejs.eventloop.delay.p99",
    kind: "gauge",
    unit: "s",
    labels: [],
    description: "99th percentile of the delay of the event loop since the last collection.",
  },
  loopDelayMax: {
    name: "nodejs.eventloop.delay.max",
    kind: "gauge",
    unit: "s",
    labels: [],
    description: "Longest delay of the event loop since the last collection.",
  },
  loopUtilization: {
    name: "nodejs.eventloop.utilization",
    kind: "gauge",
    unit: "1",
    labels: [],
    description: "Share of time in which the event loop was busy, since the last collection.",
  },
  memory: {
    name: "process.memory.usage",
    kind: "sum",
    unit: "By",
    labels: [],
    description: "Resident memory of the process.",
  },
  heap: {
    name: "v8js.memory.heap.used",
    kind: "sum",
    unit: "By",
    labels: ["v8js.heap.space.name"],
    description: "Used memory of V8's heap.",
  },
  cpu: {
    name: "process.cpu.time",
    kind: "total",
    unit: "s",
    labels: ["cpu.mode"],
    description: "CPU time of the process.",
  },
  uptime: {
    name: "process.uptime",
    kind: "gauge",
    unit: "s",
    labels: [],
    description: "Time since the process started.",
  },
  workers: {
    name: "crmesh.workers",
    kind: "sum",
    unit: "{worker}",
    labels: [],
    description: "Workers that take requests, with `CRMESH_WORKERS`.",
  },
  workerRestarts: {
    name: "crmesh.worker.restarts",
    kind: "counter",
    unit: "{restart}",
    labels: [],
    description: "Workers that were started in place of one that had ended.",
  },
  limitsShared: {
    name: "crmesh.limits.shared",
    kind: "gauge",
    unit: "",
    labels: [],
    description: "1 if replicas count limits together in Redis, 0 while each counts its share alone.",
  },
  exportFailures: {
    name: "crmesh.telemetry.export.failures",
    kind: "counter",
    unit: "{export}",
    labels: ["crmesh.signal"],
    description: "Exports of traces and metrics that the collector did not take.",
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricId = keyof typeof METRICS;
type OfKind<Kind extends MetricDefinition["kind"]> = {
  [Id in MetricId]: (typeof METRICS)[Id]["kind"] extends Kind ? Id : never;
}[MetricId];
export type CounterId = OfKind<"counter">;
export type HistogramId = OfKind<"histogram">;
export type ObservedId = OfKind<"gauge" | "sum" | "total">;

/** A label without a value is left out. */
export type LabelsOf<Id extends MetricId> = Readonly<
  Record<(typeof METRICS)[Id]["labels"][number], string | number | undefined>
>;
/** The tenant's ids, which become labels only if the operator asks for them. */
export type TenantIds = Readonly<Partial<Record<TenantLabel, string | null>>>;

export interface Reading<Id extends MetricId> {
  value: number;
  labels: LabelsOf<Id>;
  tenant?: TenantIds;
}

/** Writes the metrics. Nothing here throws. */
export interface Meters {
  /** The labels by tenant that the operator asks for. */
  readonly tenantLabels: ReadonlySet<TenantLabel>;
  count<Id extends CounterId>(id: Id, labels: LabelsOf<Id>, tenant?: TenantIds, amount?: number): void;
  /** @param seconds a duration */
  time<Id extends HistogramId>(id: Id, seconds: number, labels: LabelsOf<Id>): void;
  /** Calls `read` at each collection. A metric has one reader: a second one would replace its values. */
  observe<Id extends ObservedId>(id: Id, read: () => Iterable<Reading<Id>> | Promise<Iterable<Reading<Id>>>): void;
}
