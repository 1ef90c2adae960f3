import type { FastifyInstance, FastifyReply } from "fastify";
import { refusedRequest } from "../errors/crm-error.js";
import { replyWithError } from "./error-reply.js";

/**
 * Refuses requests that no route serves, before their body is read: 405 with `Allow` if the path has other methods, else
 * 404. Call it before the routes are added. The Connect pages answer their own unknown paths.
 */
export function refuseUnservedRequests(app: FastifyInstance): void {
  const methodsOf = new Map<string, string[]>();
  app.addHook("onRoute", ({ url, method }) => {
    const methods = methodsOf.get(url) ?? [];
    methodsOf.set(url, [...methods, ...[method].flat()]);
  });
  const refuse = (reply: FastifyReply): FastifyReply => {
    const methods = methodsOf.get(reply.request.url.split("?", 1)[0]!);
    if (methods === undefined) {
      return replyWithError(
        reply,
        refusedRequest(404, { path: "This path does not exist. Send requests to POST /graphql." }),
      );
    }
    const problem = `This path does not have this method. Use ${methods.join(" or ")}.`;
    return replyWithError(reply.header("allow", methods.join(", ")), refusedRequest(405, { method: problem }));
  };
  app.addHook("onRequest", async (request, reply) => {
    if (request.is404 && request.server === app) return refuse(reply);
    return;
  });
  // Fastify calls this only for requests that the hook above has answered already, but its own handler must not remain.
  app.setNotFoundHandler((_request, reply) => refuse(reply));
}
