import type { FastifyInstance } from "fastify";
import type { Logger } from "../../observability/logger.js";
import { readBuilt, SCRIPT_TYPE } from "../assets.js";

const FILES = { "connect.js": SCRIPT_TYPE, "connect.d.ts": "text/plain; charset=utf-8" } as const;

/** Serves `/connect.js`, which pages of the customer's product load, and its types. */
export function browserScriptRoutes(app: FastifyInstance, logger: Logger): void {
  for (const name of ["connect.js", "connect.d.ts"] as const) {
    let file: Promise<string | null> | undefined;
    let isReported = false;
    app.get(`/${name}`, async (_request, reply) => {
      const body = await (file ??= readBuilt(name));
      void reply
        .header("x-content-type-options", "nosniff")
        // Pages of other sites load it.
        .header("cross-origin-resource-policy", "cross-origin");
      if (body === null) {
        // Once: anybody can request the file.
        if (!isReported) logger.error(`${name} was not built. Run npm run build.`);
        isReported = true;
        return reply.code(404).type("text/plain; charset=utf-8").send(`${name} was not built.\n`);
      }
      return reply.type(FILES[name]).header("cache-control", "public, max-age=300").send(body);
    });
  }
}
