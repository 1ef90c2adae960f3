import type { CrmError } from "../errors/crm-error.js";
import type { Reading } from "../observability/telemetry/metrics.js";
import type { Telemetry } from "../observability/telemetry/telemetry.js";
import { errorType, type Attributes, type Span } from "../observability/telemetry/tracing.js";
import type { CallOptions, UpstreamCall, UpstreamRequest, UpstreamResponse } from "./request.js";
import { urlTemplate } from "./url-template.js";

/** What a call waits for, in order; `sending` is an attempt under way. */
export type Phase = "pace" | "bulkhead" | "circuit" | "share" | "sending" | "retry";

type AttemptResult = UpstreamResponse | { error: CrmError };

/** Watches the calls of one client for metrics and traces. */
export class CallWatches {
  readonly telemetry: Telemetry;
  /** Provider → phase → number of calls that are in it. */
  readonly #phases = new Map<string, Map<Phase, number>>();

  constructor(telemetry: Telemetry) {
    this.telemetry = telemetry;
    telemetry.meters?.observe("upstreamActive", () => this.#active());
    telemetry.meters?.observe("upstreamQueue", () => this.#queues());
  }

  /** Begins to watch a call. Null if neither metrics nor traces are on. */
  begin(request: UpstreamRequest, call: CallOptions): CallWatch | null {
    const { meters, tracing } = this.telemetry;
    return meters || tracing ? new CallWatch(this, request, call) : null;
  }

  move(provider: string, from: Phase | null, to: Phase | null): void {
    let phases = this.#phases.get(provider);
    if (!phases) this.#phases.set(provider, (phases = new Map<Phase, number>()));
    if (from) phases.set(from, (phases.get(from) ?? 0) - 1);
    if (to) phases.set(to, (phases.get(to) ?? 0) + 1);
  }

  *#active(): Iterable<Reading<"upstreamActive">> {
    for (const [provider, phases] of this.#phases) {
      yield { value: phases.get("sending") ?? 0, labels: { "crmesh.provider": provider } };
    }
  }

  *#queues(): Iterable<Reading<"upstreamQueue">> {
    for (const [provider, phases] of this.#phases) {
      for (const [queue, value] of phases) {
        if (queue !== "sending") yield { value, labels: { "crmesh.provider": provider, "crmesh.queue": queue } };
      }
    }
  }
}

/** Watches one call: how long it waits for what, and each of its attempts. */
export class CallWatch {
  readonly #owner: CallWatches;
  readonly #request: UpstreamRequest;
  readonly #call: CallOptions;
  readonly #beganAt = performance.now();
  #phase: Phase | null = null;
  #phaseAt = 0;
  /** Milliseconds that the next attempt has waited, by what it waited for. */
  #waits = new Map<Phase, number>();
  #attempts = 0;
  #told: UpstreamCall | null = null;

  constructor(owner: CallWatches, request: UpstreamRequest, call: CallOptions) {
    this.#owner = owner;
    this.#request = request;
    this.#call = call;
  }

  enter(phase: Phase | null): void {
    const now = performance.now();
    const left = this.#phase;
    if (left && left !== "sending") this.#waits.set(left, (this.#waits.get(left) ?? 0) + now - this.#phaseAt);
    this.#owner.move(this.#call.provider, left, phase);
    this.#phase = phase;
    this.#phaseAt = now;
  }

  /** Gets what the client tells about the attempt that has just ended. */
  tell(told: UpstreamCall): void {
    this.#told = told;
  }

  /** Runs one attempt in its span, and counts it. */
  async attempt<Result extends AttemptResult>(number: number, work: () => Promise<Result>): Promise<Result> {
    this.enter("sending");
    this.#attempts = number;
    const waits = this.#waits;
    this.#waits = new Map();
    this.#told = null;
    const { meters, tracing } = this.#owner.telemetry;
    meters?.time("upstreamWait", sumOf(waits) / 1_000, { "crmesh.provider": this.#call.provider });
    const counted = (span: Span | null) => this.#counted(number, work, span);
    if (!tracing) return counted(null);
    const attributes = {
      ...this.#attributes(),
      "crmesh.attempt": number,
      "http.request.resend_count": number > 1 ? number - 1 : undefined,
      ...waitAttributes(waits),
    };
    return tracing.span({ name: this.#name, kind: "client", attributes }, counted);
  }

  /** Call this when the call has ended. @param error the error with which it failed */
  end(error?: unknown): void {
    this.enter(null);
    if (error === undefined || this.#attempts > 0) return;
    const { meters, tracing } = this.#owner.telemetry;
    const { provider } = this.#call;
    const code = errorType(error);
    meters?.count("upstreamRefusals", { "crmesh.provider": provider, "crmesh.code": code }, this.#tenant);
    const attributes = { ...this.#attributes(), "crmesh.attempt": 0, ...waitAttributes(this.#waits) };
    tracing?.past({ name: this.#name, attributes }, performance.now() - this.#beganAt, code);
  }

  async #counted<Result extends AttemptResult>(
    number: number,
    work: () => Promise<Result>,
    span: Span | null,
  ): Promise<Result> {
    const startedAt = performance.now();
    let outcome = "INTERNAL_ERROR";
    try {
      const result = await work();
      outcome = "error" in result ? result.error.code : "OK";
      const upstream = "error" in result ? result.error.details.upstream : undefined;
      span?.set({
        "http.response.status_code": this.#told?.status ?? undefined,
        "crmesh.records": this.#told?.records ?? undefined,
        "crmesh.upstream.code": upstream?.code,
        "crmesh.upstream.request_id": upstream?.requestId,
      });
      if (outcome !== "OK") span?.fail(outcome);
      return result;
    } finally {
      const labels = { "crmesh.provider": this.#call.provider, "crmesh.outcome": outcome };
      const { meters } = this.#owner.telemetry;
      meters?.count("upstreamCalls", { ...labels, "crmesh.attempt": number }, this.#tenant);
      meters?.time("upstreamDuration", (performance.now() - startedAt) / 1_000, labels);
    }
  }

  get #tenant() {
    return { workspace: this.#call.workspaceId, connection: this.#call.connectionId };
  }

  get #name(): string {
    return `${this.#request.method} ${urlTemplate(this.#request.url)}`;
  }

  #attributes(): Attributes {
    const { hostname, port, protocol } = new URL(this.#request.url);
    const { provider, connectionId, workspaceId } = this.#call;
    return {
      "http.request.method": this.#request.method,
      "url.template": urlTemplate(this.#request.url),
      "server.address": hostname,
      "server.port": Number(port || (protocol === "http:" ? 80 : 443)),
      "crmesh.provider": provider,
      "crmesh.workspace.id": workspaceId,
      "crmesh.connection.id": connectionId ?? undefined,
    };
  }
}

function sumOf(waits: ReadonlyMap<Phase, number>): number {
  return [...waits.values()].reduce((sum, ms) => sum + ms, 0);
}

/** The whole wait, and those of its parts that took a millisecond or more. */
function waitAttributes(waits: ReadonlyMap<Phase, number>): Attributes {
  const attributes: Record<string, number> = { "crmesh.wait_ms": rounded(sumOf(waits)) };
  for (const [phase, ms] of waits) if (ms >= 1) attributes[`crmesh.wait.${phase}_ms`] = rounded(ms);
  return attributes;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
