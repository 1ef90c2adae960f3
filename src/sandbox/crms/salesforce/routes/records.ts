import type { FastifyInstance } from "fastify";
import { DAY, formatDateTime, MINUTE, parseDateTime } from "../dates.js";
import { badRequest, notFound } from "../errors.js";
import { toLongId } from "../ids.js";
import type { Row } from "../org.js";
import { createRecord, deleteRecord, updateRecord } from "../records/save.js";
import { fieldsNamed, showRecord } from "../records/show.js";
import type { ObjectSchema } from "../schema/object.js";
import {
  bodyOf,
  handler,
  namesIn,
  objectOf,
  parameter,
  queryParameter,
  saveOptions,
  type Call,
  type Service,
} from "./call.js";

/** How far back an org remembers what was deleted. */
const DELETED_DAYS = 15;

/** One record at a time. */
export function addRecordRoutes(app: FastifyInstance, service: Service): void {
  const record = "/services/data/:version/sobjects/:type/:id";
  app.post("/services/data/:version/sobjects/:type", handler(service, create));
  app.get(record, handler(service, read));
  app.patch(record, handler(service, update));
  app.delete(record, handler(service, remove));
  app.get("/services/data/:version/sobjects/:type/deleted", handler(service, listDeleted));
  app.get("/services/data/:version/sobjects/:type/updated", handler(service, listUpdated));
}

function create(call: Call) {
  const id = createRecord(call.org, objectOf(call), bodyOf(call), saveOptions(call));
  call.reply.code(201);
  return { id, success: true, errors: [] };
}

function read(call: Call) {
  const schema = objectOf(call);
  const id = toLongId(parameter(call, "id"));
  const row = id === null ? null : call.org.row(schema, id);
  if (!row || row.IsDeleted === true) throw notFound();
  const names = queryParameter(call, "fields");
  if (names === null) return showRecord(schema, row, schema.fields, call.version);
  // A read of one record always says which one.
  const fields = new Set([...fieldsNamed(schema, namesIn(names)), schema.field("Id")!]);
  return showRecord(schema, row, [...fields], call.version);
}

function update(call: Call) {
  updateRecord(call.org, objectOf(call), parameter(call, "id"), bodyOf(call), saveOptions(call));
  return call.reply.code(204).send();
}

function remove(call: Call) {
  deleteRecord(call.org, objectOf(call), parameter(call, "id"));
  return call.reply.code(204).send();
}

function listDeleted(call: Call) {
  const { rows, start, end } = changedBetween(call, objectOf(call));
  const deleted = rows.filter((row) => row.IsDeleted === true);
  return {
    deletedRecords: deleted.map((row) => ({ id: row.Id, deletedDate: formatDateTime(Number(row.SystemModstamp)) })),
    earliestDateAvailable: formatDateTime(Math.min(start, call.org.now() - DELETED_DAYS * DAY)),
    latestDateCovered: formatDateTime(end),
  };
}

function listUpdated(call: Call) {
  const { rows, end } = changedBetween(call, objectOf(call));
  const ids = rows.filter((row) => row.IsDeleted !== true).map((row) => row.Id);
  return { ids, latestDateCovered: formatDateTime(end) };
}

function changedBetween(call: Call, schema: ObjectSchema): { rows: Row[]; start: number; end: number } {
  const start = minuteOf(call, "start");
  const end = minuteOf(call, "end");
  if (end <= start) throw badRequest("INVALID_REPLICATION_DATE", "endDate must be after startDate");
  if (start < call.org.now() - DELETED_DAYS * DAY) {
    throw badRequest("INVALID_REPLICATION_DATE", `startDate cannot be more than ${DELETED_DAYS} days ago`);
  }
  const rows = [...call.org.rows(schema)].filter((row) => {
    const at = Number(row.SystemModstamp);
    return at >= start && at < end;
  });
  return { rows, start, end };
}

/** Seconds are ignored, as Salesforce does. */
function minuteOf(call: Call, name: string): number {
  const ms = parseDateTime(queryParameter(call, name) ?? "");
  if (ms === null) throw badRequest("INVALID_REPLICATION_DATE", `${name} must be a date-time with an offset`);
  return Math.floor(ms / MINUTE) * MINUTE;
}
