import type { FastifyInstance } from "fastify";
import type { Lifecycle } from "./lifecycle.js";

export interface HealthOptions {
  ping: () => Promise<void>;
  maintenance: boolean;
  lifecycle: Lifecycle;
  /** Whether replicas count limits together, or each its share. Null if they are not meant to count together. */
  limits: () => "shared" | "divided" | null;
}

/**
 * `GET /healthz`: the process runs. `GET /readyz`: it can serve requests, because the store is reachable and nobody is
 * stopping the process.
 */
export function healthRoutes(app: FastifyInstance, { ping, maintenance, lifecycle, limits }: HealthOptions): void {
  app.addHook("preClose", async () => lifecycle.drain());
  app.get("/healthz", async () => ({ status: "ok", unhandledRejections: lifecycle.unhandledRejections }));
  app.get("/readyz", async (_request, reply) => {
    const reason = lifecycle.draining ? "draining" : maintenance ? "maintenance" : await storeProblem(ping);
    const counting = limits();
    const facts = {
      ...(lifecycle.workers ? { workers: lifecycle.workers } : {}),
      ...(counting === null ? {} : { limits: counting }),
    };
    if (reason === null) return { status: "ok", ...facts };
    return reply.code(503).send({ status: "unavailable", reason, ...facts });
  });
}

async function storeProblem(ping: () => Promise<void>): Promise<string | null> {
  try {
    await ping();
    return null;
  } catch {
    return "store";
  }
}
