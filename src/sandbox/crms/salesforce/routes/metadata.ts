import type { FastifyInstance } from "fastify";
import { describeObject, summarize } from "../describe.js";
import { OBJECTS } from "../schema/index.js";
import { FIRST_VERSION, LAST_VERSION, handler, objectOf, originOf, type Call, type Service } from "./call.js";
import { identityUrl } from "./identity.js";

const RESOURCES = ["sobjects", "query", "queryAll", "composite", "limits"];
const SEASONS = ["Summer", "Winter", "Spring"];
/** Winter '24: the release of the first version here. */
const FIRST_RELEASE_YEAR = 24;

/** What the API and the org consist of. */
export function addMetadataRoutes(app: FastifyInstance, service: Service): void {
  for (const path of ["/services/data", "/services/data/"]) app.get(path, () => versions());
  for (const end of ["", "/"]) {
    app.get(`/services/data/:version${end}`, handler(service, listResources));
    app.get(`/services/data/:version/sobjects${end}`, handler(service, listObjects));
    app.get(
      `/services/data/:version/limits${end}`,
      handler(service, (call) => limits(service, call)),
    );
  }
  app.get(
    "/services/data/:version/sobjects/:type",
    handler(service, (call) => ({ objectDescribe: summarize(objectOf(call), call.version), recentItems: [] })),
  );
  app.get(
    "/services/data/:version/sobjects/:type/describe",
    handler(service, (call) => describeObject(objectOf(call), call.version)),
  );
}

function versions() {
  return Array.from({ length: LAST_VERSION - FIRST_VERSION + 1 }, (_, index) => {
    const version = `${FIRST_VERSION + index}.0`;
    const season = SEASONS[(index + 1) % SEASONS.length]!;
    const year = FIRST_RELEASE_YEAR + Math.floor(index / SEASONS.length);
    return { label: `${season} '${year}`, url: `/services/data/v${version}`, version };
  });
}

function listResources(call: Call) {
  const base = `/services/data/${call.version}`;
  return {
    ...Object.fromEntries(RESOURCES.map((name) => [name, `${base}/${name}`])),
    identity: identityUrl(call.org, originOf(call.request)),
  };
}

function listObjects(call: Call) {
  return {
    encoding: "UTF-8",
    maxBatchSize: 200,
    sobjects: OBJECTS.map((schema) => summarize(schema, call.version)),
  };
}

function limits({ options }: Service, { account: { usage } }: Call) {
  return { DailyApiRequests: { Max: usage.max, Remaining: Math.max(0, usage.max - usage.used(options.now())) } };
}
