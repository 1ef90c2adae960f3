import type { FastifyInstance } from "fastify";
import { queryText } from "../../kit/request.js";
import { fixedUuid } from "../../kit/uuid.js";
import { badRequest } from "./errors.js";
import { OBJECTS, type Field, type ObjectDefinition } from "./objects.js";
import { limitOf } from "./pages.js";

/** The metadata of objects. Source: twentyhq/twenty, test/integration/rest, "Object Metadata REST API". */
export function addMetadataRoutes(app: FastifyInstance): void {
  const objects = OBJECTS.map(objectToWire).sort((one, other) => (one.id < other.id ? -1 : 1));

  app.get("/rest/metadata/objects", (request) => {
    const after = queryText(request, "starting_after");
    const begin = after === undefined ? 0 : objects.findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && begin === 0) throw badRequest(`Invalid cursor: ${after}`);
    const limit = limitOf(queryText(request, "limit"));
    const page = objects.slice(begin, begin + limit);
    return {
      data: { objects: page },
      pageInfo: {
        hasNextPage: begin + page.length < objects.length,
        hasPreviousPage: begin > 0,
        startCursor: page[0]?.id ?? null,
        endCursor: page.at(-1)?.id ?? null,
      },
      totalCount: objects.length,
    };
  });
}

function objectToWire({ nameSingular, namePlural, isSystem, fields }: ObjectDefinition) {
  return {
    id: fixedUuid("metadata", nameSingular),
    nameSingular,
    namePlural,
    labelSingular: nameSingular,
    labelPlural: namePlural,
    isCustom: false,
    isActive: true,
    isSystem,
    fields: fields.map((field) => fieldToWire(nameSingular, field)),
  };
}

function fieldToWire(object: string, { name, label, type, isCustom, options }: Field) {
  return {
    id: fixedUuid("metadata", object, name),
    type,
    name,
    label,
    isCustom,
    isActive: true,
    isSystem: false,
    isNullable: true,
    options: options?.map((value, position) => ({ value, label: value, position })) ?? null,
  };
}
