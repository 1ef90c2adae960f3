import type { FastifyInstance, FastifyRequest } from "fastify";
import { pathParameter, queryText, requestAccount } from "../../kit/request.js";
import { isUuid } from "../../kit/uuid.js";
import { badRequest, recordNotFound } from "./errors.js";
import { rowFilter } from "./filter.js";
import { OBJECTS, type ObjectDefinition } from "./objects.js";
import { pageOf } from "./pages.js";
import { depthOf, recordToWire } from "./record-view.js";
import { createRecord, deleteRecord, updateRecord } from "./writes.js";
import type { Row, Workspace } from "./workspace.js";

const BATCH_MAX = 60;

const workspaceOf = requestAccount<Workspace>;

/** Create, read, update and delete of every object. Source: twentyhq/twenty, docs, "APIs"; recorded from a server. */
export function addRecordRoutes(app: FastifyInstance): void {
  app.get("/rest/:plural", (request) => {
    const object = objectOf(request);
    const workspace = workspaceOf(request);
    const { rows, totalCount, pageInfo } = pageOf(object, workspace.rows(object.nameSingular), {
      filter: rowFilter(object, queryText(request, "filter")),
      orderBy: queryText(request, "order_by"),
      limit: queryText(request, "limit"),
      startingAfter: queryText(request, "starting_after"),
    });
    const toWire = wireOf(request, object, workspace);
    return { data: { [object.namePlural]: rows.map(toWire) }, pageInfo, totalCount };
  });

  app.get("/rest/:plural/:id", (request) => {
    const object = objectOf(request);
    const workspace = workspaceOf(request);
    const row = workspace.live(object.nameSingular, requestedId(request));
    if (!row) throw recordNotFound();
    return { data: { [object.nameSingular]: wireOf(request, object, workspace)(row) } };
  });

  app.post("/rest/:plural", (request, reply) => {
    const object = objectOf(request);
    const workspace = workspaceOf(request);
    const row = createRecord(workspace, object.nameSingular, request.body);
    void reply.code(201);
    return { data: { [`create${capital(object.nameSingular)}`]: wireOf(request, object, workspace)(row) } };
  });

  app.post("/rest/batch/:plural", (request, reply) => {
    const object = objectOf(request);
    const workspace = workspaceOf(request);
    const { body } = request;
    if (!Array.isArray(body)) throw badRequest("The body of a batch must be an array.");
    if (body.length > BATCH_MAX) throw badRequest(`A batch has at most ${BATCH_MAX} records.`);
    // One transaction, and so one time for all of them.
    const at = workspace.tick();
    const rows = body.map((one) => createRecord(workspace, object.nameSingular, one, at));
    void reply.code(201);
    return { data: { [`create${capital(object.namePlural)}`]: rows.map(wireOf(request, object, workspace)) } };
  });

  for (const method of ["PATCH", "PUT"] as const) {
    app.route({
      method,
      url: "/rest/:plural/:id",
      handler: (request) => {
        const object = objectOf(request);
        const workspace = workspaceOf(request);
        const id = pathParameter(request, "id");
        const row = updateRecord(workspace, object.nameSingular, id, request.body ?? {});
        return { data: { [`update${capital(object.nameSingular)}`]: wireOf(request, object, workspace)(row) } };
      },
    });
  }

  app.delete("/rest/:plural/:id", (request) => {
    const object = objectOf(request);
    const id = pathParameter(request, "id");
    const row = deleteRecord(workspaceOf(request), object.nameSingular, id);
    return { data: { [`delete${capital(object.nameSingular)}`]: { id: row.id } } };
  });
}

function wireOf(request: FastifyRequest, { nameSingular }: ObjectDefinition, workspace: Workspace) {
  const depth = depthOf(queryText(request, "depth"));
  return (row: Row) => recordToWire(workspace, nameSingular, row, depth);
}

function objectOf(request: FastifyRequest): ObjectDefinition {
  const plural = pathParameter(request, "plural");
  const found = OBJECTS.find(({ namePlural }) => namePlural === plural);
  if (found) return found;
  throw badRequest(`object '${plural}' not found`);
}

function requestedId(request: FastifyRequest): string {
  const id = pathParameter(request, "id");
  if (!isUuid(id)) throw badRequest(`'${id}' is not a valid UUID`);
  return id.toLowerCase();
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
