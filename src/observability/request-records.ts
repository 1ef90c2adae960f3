import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestRecord } from "./request-record.js";
import type { RequestObserver } from "./request-summary.js";
import { traceIdOf } from "./trace-context.js";

declare module "fastify" {
  interface FastifyRequest {
    /** What the request has done so far. Observers get its summary after the response. */
    record: RequestRecord;
  }
}

/** How far the response of a request has come. */
interface Progress {
  /** Monotonic milliseconds. */
  beganAt: number;
  /** True once the response is ready to be sent. */
  isAnswered: boolean;
  /** True once the response was sent, or the caller has disconnected. */
  isClosed: boolean;
}

/**
 * Gives each request a record, and the summary of each request to the observers: after its response was sent, or, if the
 * caller disconnected before, as soon as its work has ended.
 */
export class RequestRecords {
  readonly #observers: readonly RequestObserver[];
  readonly #running = new WeakMap<FastifyRequest, Progress>();

  constructor(observers: readonly RequestObserver[]) {
    this.#observers = observers;
  }

  /** Call this before other hooks are added, so that they find the record of their request. */
  recordIn(app: FastifyInstance): void {
    app.decorateRequest("record");
    app.addHook("onRequest", async (request, reply) => this.begin(request, reply));
    app.addHook("onSend", async (request, reply) => {
      const progress = this.#running.get(request);
      if (!progress || progress.isAnswered) return;
      progress.isAnswered = true;
      // Node sends nothing to a caller who has left, and emits no further event.
      if (progress.isClosed) this.#report(request, reply, progress);
    });
  }

  /** Begins the record of a request. The hooks do this, except for requests for which Fastify runs no hooks. */
  begin(request: FastifyRequest, reply: FastifyReply): void {
    request.record = new RequestRecord(request.id, traceIdOf(request.headers.traceparent));
    const progress: Progress = { beganAt: performance.now(), isAnswered: false, isClosed: false };
    this.#running.set(request, progress);
    reply.raw.once("close", () => {
      progress.isClosed = true;
      if (progress.isAnswered || reply.raw.writableEnded) this.#report(request, reply, progress);
    });
  }

  #report({ record, method, routeOptions }: FastifyRequest, { statusCode, raw }: FastifyReply, { beganAt }: Progress) {
    const summary = record.summary({
      method,
      route: routeOptions.url ?? null,
      status: statusCode,
      durationMs: performance.now() - beganAt,
      callerLeft: !raw.writableFinished,
    });
    for (const observe of this.#observers) observe(summary);
  }
}
