import { AsyncLocalStorage } from "node:async_hooks";
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes as OtelAttributes,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from "@opentelemetry/api";
import { parseTraceParent, TraceState } from "@opentelemetry/core";
import {
  errorType,
  type Attributes,
  type Part,
  type RequestSpan,
  type Span,
  type SpanStart,
  type Tracing,
} from "../tracing.js";

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
/** Parts of one whole that are kept until it ends. Further parts get no span. */
const MAX_PARTS = 1_000;

/**
 * The clock of one trace in this process. The wall clock is read once for each trace, so that its spans fit into each other;
 * read for each span, it would be a millisecond early or late, or an hour, if somebody sets it meanwhile.
 */
class TraceClock {
  readonly #epochMs = Date.now() - performance.now();

  /** Milliseconds since 1970. @param at a time of `performance.now` */
  time(at = performance.now()): number {
    return this.#epochMs + at;
  }
}

/** The place in a trace at which work runs. */
interface Place {
  clock: TraceClock;
  context: Context;
  /** Null outside of a `whole`. */
  whole: Whole | null;
}

interface Whole {
  context: Context;
  parts: SdkPart[];
}

/** Writes spans to a tracer of OpenTelemetry. The place in the trace follows the work by an AsyncLocalStorage of its own. */
export class SdkTracing implements Tracing {
  readonly #tracer: Tracer;
  readonly #places = new AsyncLocalStorage<Place>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  request(start: SpanStart, headers: Readonly<Record<string, string | string[] | undefined>>): RequestSpan {
    const clock = new TraceClock();
    const span = this.#start(start, callersContext(headers), clock.time());
    const whole: Whole = { context: trace.setSpan(ROOT_CONTEXT, span), parts: [] };
    const place = { clock, context: whole.context, whole };
    return {
      ...handleOf(span),
      traceId: span.spanContext().traceId,
      run: (work) => this.#places.run(place, work),
      end: () => {
        for (const part of whole.parts) part.end();
        span.end(clock.time());
      },
    };
  }

  span<Result>(start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result> {
    const { clock, context, whole } = this.#place();
    const span = this.#start(start, context, clock.time());
    return this.#run(span, { clock, context: trace.setSpan(ROOT_CONTEXT, span), whole }, work);
  }

  async whole<Result>(start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result> {
    const { clock, context } = this.#place();
    const span = this.#start(start, context, clock.time());
    const whole: Whole = { context: trace.setSpan(ROOT_CONTEXT, span), parts: [] };
    try {
      return await this.#run(span, { clock, context: whole.context, whole }, work);
    } finally {
      for (const part of whole.parts) part.end();
    }
  }

  part(start: SpanStart): Part | undefined {
    const { clock, whole } = this.#place();
    if (!whole || whole.parts.length >= MAX_PARTS) return undefined;
    const span = this.#start(start, whole.context, clock.time());
    const place = { clock, context: trace.setSpan(ROOT_CONTEXT, span), whole };
    const part = new SdkPart(span, clock, (work) => this.#places.run(place, work));
    whole.parts.push(part);
    return part;
  }

  past(start: SpanStart, durationMs: number, failure?: string): void {
    const place = this.#places.getStore();
    // Work without a parent, such as the housekeeping of the store, would be a trace of its own each time.
    if (!place) return;
    const now = place.clock.time();
    const span = this.#start(start, place.context, now - durationMs);
    if (failure !== undefined) handleOf(span).fail(failure);
    span.end(now);
  }

  /** Work outside of a request begins a trace of its own. */
  #place(): Place {
    return this.#places.getStore() ?? { clock: new TraceClock(), context: ROOT_CONTEXT, whole: null };
  }

  #start({ name, kind = "internal", attributes = {} }: SpanStart, parent: Context, startTime: number): OtelSpan {
    const options = { kind: KINDS[kind], attributes: definedOf(attributes), startTime };
    return this.#tracer.startSpan(name, options, parent);
  }

  async #run<Result>(span: OtelSpan, place: Place, work: (span: Span) => Promise<Result>): Promise<Result> {
    const handle = handleOf(span);
    try {
      return await this.#places.run(place, () => work(handle));
    } catch (error) {
      handle.fail(errorType(error));
      throw error;
    } finally {
      span.end(place.clock.time());
    }
  }
}

/** A part ends when its last call has ended, which is known when its whole ends. */
class SdkPart implements Part {
  readonly #span: OtelSpan;
  readonly #clock: TraceClock;
  readonly #within: <Result>(work: () => Promise<Result>) => Promise<Result>;
  #lastAt = performance.now();

  constructor(span: OtelSpan, clock: TraceClock, within: <Result>(work: () => Promise<Result>) => Promise<Result>) {
    this.#span = span;
    this.#clock = clock;
    this.#within = within;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#within(work);
    } catch (error) {
      handleOf(this.#span).fail(errorType(error));
      throw error;
    } finally {
      this.#lastAt = performance.now();
    }
  }

  end(): void {
    this.#span.end(this.#clock.time(this.#lastAt));
  }
}

function handleOf(span: OtelSpan): Span {
  return {
    set: (attributes) => void span.setAttributes(definedOf(attributes)),
    rename: (name) => void span.updateName(name),
    fail: (type) => {
      span.setAttribute("error.type", type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function definedOf(attributes: Attributes): OtelAttributes {
  const defined: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) defined[name] = typeof value === "object" ? [...value] : value;
  }
  return defined;
}

/** The caller's place in its trace, by the headers of W3C Trace Context. A new trace if there is none or if it is invalid. */
function callersContext({ traceparent, tracestate }: Readonly<Record<string, string | string[] | undefined>>): Context {
  const parent = typeof traceparent === "string" ? parseTraceParent(traceparent) : null;
  if (!parent) return ROOT_CONTEXT;
  const traceState = typeof tracestate === "string" ? { traceState: new TraceState(tracestate) } : {};
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, ...traceState, isRemote: true });
}
