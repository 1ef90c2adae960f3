import type { FastifyInstance } from "fastify";

/** `GET /healthz`: the process lives. `GET /readyz`: it can answer, i.e. the store is there and it is not being stopped. */
export function healthRoutes(app: FastifyInstance, options: { ping(): Promise<void>; maintenance: boolean }): void {
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = stopping ? "stopping" : options.maintenance ? "maintenance" : await storeProblem(options.ping);
    if (reason === null) return { status: "ok" };
    return reply.code(503).send({ status: "unavailable", reason });
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
