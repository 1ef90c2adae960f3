import type { FastifyInstance } from "fastify";
import { pathParameter, queryText } from "../../kit/request.js";
import type { ApiVersion } from "./api-version.js";
import { objectNotFound, validationError } from "./errors.js";
import { ownerToWire } from "./owner.js";
import { propertyToWire } from "./property.js";
import { accountOf, objectTypeParameter, queryFlag, queryLimit, pageOf } from "./request.js";

const MAX_OWNERS = 100;

/** The details of an account, its owners and its properties. */
export function addDirectoryRoutes(app: FastifyInstance, { owners, properties, accountInfo }: ApiVersion): void {
  const list = { handler: listOwners };
  app.get(owners, list);
  // The SDK requests the list with a slash at the end of the path.
  app.get(`${owners}/`, list);

  app.get(`${owners}/:id`, (request) => {
    const id = pathParameter(request, "id");
    const idProperty = queryText(request, "idProperty") ?? "id";
    if (idProperty !== "id" && idProperty !== "userId") throw validationError(`Invalid idProperty: ${idProperty}`);
    const archived = queryFlag(request, "archived");
    const owner = accountOf(request).owners.find((one) => String(one[idProperty]) === id && one.archived === archived);
    if (!owner) throw objectNotFound(id);
    return ownerToWire(owner);
  });

  app.get(`${properties}/:objectType`, (request) => {
    const type = objectTypeParameter(request);
    return { results: queryFlag(request, "archived") ? [] : [...type.properties.values()].map(propertyToWire) };
  });

  app.get(`${accountInfo}/details`, (request) => ({
    portalId: accountOf(request).portalId,
    accountType: "STANDARD",
    // A zone far from UTC and without daylight saving, so that a UTC time that was read as local time is noticed at
    // once.
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
