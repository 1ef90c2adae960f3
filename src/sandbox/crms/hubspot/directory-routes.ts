import type { FastifyInstance } from "fastify";
import { HubSpotError, objectNotFound, validationError } from "./errors.js";
import { LEAD_PIPELINE } from "./lead-pipeline.js";
import { LEAD, type ObjectType } from "./object-types.js";
import { ownerToWire } from "./owner.js";
import { pageOf } from "./paging.js";
import { propertyToWire } from "./property.js";
import { accountOf, objectTypeParameter, pathParameter, queryFlag, queryLimit, queryText } from "./request.js";

const MAX_OWNERS = 100;

const OWNERS = "/crm/v3/owners";
const PIPELINES = "/crm/v3/pipelines/:objectType";
const PROPERTIES = "/crm/v3/properties/:objectType";

export function addOwnerRoutes(app: FastifyInstance): void {
  const list = { handler: listOwners };
  app.get(OWNERS, list);
  // The SDK asks for the list with a slash at its end.
  app.get(`${OWNERS}/`, list);

  app.get(`${OWNERS}/:id`, (request) => {
    const id = pathParameter(request, "id");
    const idProperty = queryText(request, "idProperty") ?? "id";
    if (idProperty !== "id" && idProperty !== "userId") throw validationError(`Invalid idProperty: ${idProperty}`);
    const archived = queryFlag(request, "archived");
    const owner = accountOf(request).owners.find((one) => String(one[idProperty]) === id && one.archived === archived);
    if (!owner) throw objectNotFound(id);
    return ownerToWire(owner);
  });
}

export function addPipelineRoutes(app: FastifyInstance): void {
  app.get(PIPELINES, (request) => ({ results: pipelinesOf(objectTypeParameter(request)) }));
  app.get(`${PIPELINES}/:pipelineId`, (request) => {
    return pipelineOf(objectTypeParameter(request), pathParameter(request, "pipelineId"));
  });
  app.get(`${PIPELINES}/:pipelineId/stages`, (request) => ({
    results: pipelineOf(objectTypeParameter(request), pathParameter(request, "pipelineId")).stages,
  }));
}

export function addPropertyRoutes(app: FastifyInstance): void {
  app.get(PROPERTIES, (request) => {
    const { properties } = objectTypeParameter(request);
    return { results: queryFlag(request, "archived") ? [] : [...properties.values()].map(propertyToWire) };
  });

  app.get(`${PROPERTIES}/:name`, (request) => {
    const type = objectTypeParameter(request);
    const name = pathParameter(request, "name");
    const property = type.properties.get(name);
    if (!property) {
      const message = `Property "${name}" does not exist on ${type.wireName}.`;
      throw new HubSpotError(404, message, { category: "OBJECT_NOT_FOUND" });
    }
    return propertyToWire(property);
  });
}

export function addAccountInfoRoutes(app: FastifyInstance): void {
  app.get("/account-info/v3/details", (request) => ({
    portalId: accountOf(request).portalId,
    accountType: "STANDARD",
    // A zone far from UTC and without daylight saving, so that a time taken for local shows at once.
    timeZone: "Asia/Tokyo",
    companyCurrency: "USD",
    additionalCurrencies: [],
    utcOffset: "+09:00",
    utcOffsetMilliseconds: 9 * 60 * 60 * 1000,
    uiDomain: "app.hubspot.com",
    dataHostingLocation: "na1",
  }));
}

function listOwners(request: Parameters<typeof accountOf>[0]) {
  const email = queryText(request, "email")?.toLowerCase();
  const archived = queryFlag(request, "archived");
  const owners = accountOf(request).owners.filter(
    (owner) => owner.archived === archived && (email === undefined || owner.email.toLowerCase() === email),
  );
  const limit = queryLimit(request, MAX_OWNERS, MAX_OWNERS);
  const { items, paging } = pageOf(owners, ({ id }) => id, limit, queryText(request, "after"));
  return { results: items.map(ownerToWire), ...paging };
}

function pipelinesOf(type: ObjectType) {
  return type === LEAD ? [LEAD_PIPELINE] : [];
}

function pipelineOf(type: ObjectType, id: string) {
  const pipeline = pipelinesOf(type).find((one) => one.id === id);
  if (!pipeline) throw objectNotFound(id);
  return pipeline;
}
