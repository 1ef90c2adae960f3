import type { FastifyInstance } from "fastify";
import { queryText, requestAccount } from "../../kit/request.js";
import { fixedUuid } from "../../kit/uuid.js";
import { badRequest } from "./errors.js";
import { OBJECTS, type Field, type ObjectDefinition } from "./objects.js";
import { limitOf } from "./pages.js";
import type { Workspace } from "./workspace.js";

/** The metadata of objects. Source: twentyhq/twenty, test/integration/rest, "Object Metadata REST API". */
export function addMetadataRoutes(app: FastifyInstance): void {
  const objects = OBJECTS.map(objectToWire).sort((one, other) => (one.id < other.id ? -1 : 1));

  // Recent servers tell the fields of objects to every API key here, and older ones do not have these fields of the query.
  app.post("/metadata", (request) => {
    const { name, version } = requestAccount<Workspace>(request);
    const { query } = request.body as { query?: unknown };
    if (typeof query !== "string" || !query.includes("fieldsList")) throw badRequest("Must provide query string.");
    if (!version.isRecent) {
      const extensions = { code: "GRAPHQL_VALIDATION_FAILED" };
      return { errors: [{ message: 'Cannot query field "applicationId" on type "Object".', extensions }] };
    }
    return { data: { objects: { edges: version.objects.map((object) => ({ node: objectToGraph(name, object) })) } } };
  });

  app.get("/rest/metadata/objects", (request) => {
    // The keys of recent workspaces have a role that may only read and write records.
    const { version } = requestAccount<Workspace>(request);
    if (version.isRecent) throw version.refusals.noPermission();
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

/** Recent versions mark custom fields by the application that made them. The standard fields are Twenty's own. */
function objectToGraph(workspace: string, { nameSingular, fields }: ObjectDefinition) {
  const standard = fixedUuid("application", "twenty");
  return {
    nameSingular,
    applicationId: standard,
    fieldsList: fields.map(({ name, label, type, isCustom, options }) => ({
      name,
      type,
      label,
      isActive: true,
      options: optionsOf(options)?.map((option) => ({ ...option, id: fixedUuid(name, option.value) })) ?? null,
      applicationId: isCustom ? fixedUuid("application", workspace) : standard,
    })),
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
    options: optionsOf(options),
  };
}

/** An option’s label is written as people write it. */
function optionsOf(options: readonly string[] | undefined) {
  const labelOf = (value: string) => value.charAt(0) + value.slice(1).toLowerCase();
  return options?.map((value, position) => ({ value, label: labelOf(value), position, color: "blue" })) ?? null;
}
