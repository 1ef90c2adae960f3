import type { FastifyInstance } from "fastify";
import type { Assets } from "../assets.js";
import { ConnectPageError } from "../page-error.js";

/** Serves the files that the pages load. A changed file has another name. */
export function assetRoute(app: FastifyInstance, assets: Assets): void {
  app.get<{ Params: { name: string } }>("/assets/:name", (request, reply) => {
    const found = assets.get(request.params.name);
    if (!found) throw new ConnectPageError(404, "There is nothing here", "This page may be out of date. Reload it.");
    return reply.type(found.type).header("cache-control", "public, max-age=31536000, immutable").send(found.body);
  });
}
