import type { FastifyInstance } from "fastify";
import { pathParameter, queryList, queryText } from "../../../kit/request.js";
import { notFound } from "../errors.js";
import { toLongId } from "../ids.js";
import { createRecord, deleteRecord, updateRecord } from "../records/save.js";
import { fieldsNamed, showRecord } from "../records/values.js";
import { bodyOf, handler, objectOf, saveOptions, type Call } from "./call.js";

/** Adds the calls for single records. */
export function addRecordRoutes(app: FastifyInstance): void {
  const record = "/services/data/:version/sobjects/:type/:id";
  app.post("/services/data/:version/sobjects/:type", handler(create));
  app.get(record, handler(read));
  app.patch(record, handler(update));
  app.delete(record, handler(remove));
}

function create(call: Call) {
  const id = createRecord(call.org, objectOf(call), bodyOf(call), saveOptions(call));
  call.reply.code(201);
  return { id, success: true, errors: [] };
}

function read(call: Call) {
  const schema = objectOf(call);
  const id = toLongId(pathParameter(call.request, "id"));
  const row = id === null ? null : call.org.row(schema, id);
  if (!row || row.IsDeleted === true) throw notFound();
  if (queryText(call.request, "fields") === undefined) return showRecord(schema, row, schema.fields, call.version);
  // A read of one record always returns its id.
  const fields = new Set([...fieldsNamed(schema, queryList(call.request, "fields")), schema.field("Id")!]);
  return showRecord(schema, row, [...fields], call.version);
}

function update(call: Call) {
  updateRecord(call.org, objectOf(call), pathParameter(call.request, "id"), bodyOf(call), saveOptions(call));
  return call.reply.code(204).send();
}

function remove(call: Call) {
  deleteRecord(call.org, objectOf(call), pathParameter(call.request, "id"));
  return call.reply.code(204).send();
}
