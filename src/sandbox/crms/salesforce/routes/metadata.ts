import type { FastifyInstance } from "fastify";
import { originOf } from "../../../kit/request.js";
import { describeObject } from "../describe.js";
import { handler, objectOf, type Call } from "./call.js";

const RESOURCES = ["sobjects", "query", "queryAll", "composite", "limits"];

/** What the API and its objects consist of, and what is left of the org's limits. */
export function addMetadataRoutes(app: FastifyInstance): void {
  for (const end of ["", "/"]) app.get(`/services/data/:version${end}`, handler(listResources));
  app.get(
    "/services/data/:version/sobjects/:type/describe",
    handler((call) => describeObject(objectOf(call), call.version)),
  );
  app.get("/services/data/:version/limits", handler(limits));
}

function listResources({ org, request, version }: Call) {
  const resources = RESOURCES.map((name): [string, string] => [name, `/services/data/${version}/${name}`]);
  return { ...Object.fromEntries(resources), identity: org.identityUrl(originOf(request)) };
}

function limits({ account: { usage }, org }: Call) {
  return { DailyApiRequests: { Max: usage.max, Remaining: Math.max(0, usage.max - usage.used(org.now())) } };
}
