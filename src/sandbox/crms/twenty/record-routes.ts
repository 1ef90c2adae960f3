import type { FastifyInstance, FastifyRequest } from "fastify";
import { pathParameter, queryText, requestAccount } from "../../kit/request.js";
import { isRfcUuid } from "../../kit/uuid.js";
import { badRequest } from "./errors.js";
import { rowFilter } from "./filter.js";
import type { ObjectDefinition } from "./objects.js";
import { pageOf } from "./pages.js";
import { depthOf, recordToWire } from "./record-view.js";
import { createRecord, deleteRecord, updateRecord } from "./writes.js";
import type { Row, Workspace } from "./workspace.js";

const BATCH_MAX = 60;

/** Create, read, update and delete of every object. Source: twentyhq/twenty, docs, "APIs"; recorded from a server. */
export function addRecordRoutes(app: FastifyInstance): void {
  app.get("/rest/:plural", (request) => {
    const { object, workspace, toWire } = callOf(request);
    const { rows, totalCount, pageInfo } = pageOf(object, workspace, {
      filter: rowFilter(object, workspace.version.refusals, queryText(request, "filter")),
      orderBy: queryText(request, "order_by"),
      limit: queryText(request, "limit"),
      startingAfter: queryText(request, "starting_after"),
    });
    return { data: { [object.namePlural]: rows.map(toWire()) }, pageInfo, totalCount };
  });

  app.get("/rest/:plural/:id", (request) => {
    const { name, workspace, toWire } = callOf(request);
    const row = workspace.live(name, requestedId(request));
    if (!row) throw workspace.version.refusals.recordNotFound();
    return { data: { [name]: toWire()(row) } };
  });

  app.post("/rest/:plural", (request, reply) => {
    const { name, workspace, toWire } = callOf(request);
    const row = createRecord(workspace, name, request.body);
    void reply.code(201);
    return { data: { [`create${capital(name)}`]: toWire()(row) } };
  });

  app.post("/rest/batch/:plural", (request, reply) => {
    const { object, name, workspace, toWire } = callOf(request);
    const { body } = request;
    if (!Array.isArray(body)) throw badRequest("The body of a batch must be an array.");
    if (body.length > BATCH_MAX) throw badRequest(`A batch has at most ${BATCH_MAX} records.`);
    // One transaction, so all records have the same time.
    const at = workspace.tick();
    const rows = body.map((one) => createRecord(workspace, name, one, at));
    void reply.code(201);
    return { data: { [`create${capital(object.namePlural)}`]: rows.map(toWire()) } };
  });

  app.route({
    method: ["PATCH", "PUT"],
    url: "/rest/:plural/:id",
    handler(request) {
      const { name, workspace, toWire } = callOf(request);
      const row = updateRecord(workspace, name, pathParameter(request, "id"), request.body ?? {});
      return { data: { [`update${capital(name)}`]: toWire()(row) } };
    },
  });

  app.delete("/rest/:plural/:id", (request) => {
    const { name, workspace, toWire } = callOf(request);
    const isSoft = queryText(request, "soft_delete") === "true";
    const row = deleteRecord(workspace, name, pathParameter(request, "id"), isSoft);
    const isWhole = isSoft && workspace.version.isRecent;
    return { data: { [`delete${capital(name)}`]: isWhole ? toWire()(row) : { id: row.id } } };
  });
}

/** Returns the object and the workspace of a call, and the form of the records, which depends on the depth. */
function callOf(request: FastifyRequest) {
  const workspace = requestAccount<Workspace>(request);
  const object = objectOf(request, workspace);
  const { nameSingular: name } = object;
  const toWire = () => {
    const depth = depthOf(queryText(request, "depth"));
    return (row: Row) => recordToWire(workspace, name, row, depth);
  };
  return { object, name, workspace, toWire };
}

function objectOf(request: FastifyRequest, workspace: Workspace): ObjectDefinition {
  const plural = pathParameter(request, "plural");
  const { objects, refusals } = workspace.version;
  const found = objects.find(({ namePlural }) => namePlural === plural);
  if (found) return found;
  throw refusals.unknownObject(plural);
}

function requestedId(request: FastifyRequest): string {
  const id = pathParameter(request, "id");
  if (!isRfcUuid(id)) throw badRequest(`'${id}' is not a valid UUID`);
  return id.toLowerCase();
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
