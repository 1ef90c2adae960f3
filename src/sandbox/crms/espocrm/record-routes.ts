import type { FastifyInstance, FastifyRequest } from "fastify";
import { isObject } from "../../kit/request.js";
import { accessOf, type Access } from "./access.js";
import type { Row } from "./database.js";
import { ENTITY_DEFS, isEntityType, type EntityType } from "./entity-defs.js";
import { EspoError, noSuchRecord } from "./errors.js";
import { listRecords } from "./listing.js";
import { hiddenAttributes } from "./field-access.js";
import { searchParams, type SearchParams } from "./query.js";
import { createdView, singleView, updatedView } from "./record-view.js";
import type { EspoVersion } from "./version.js";
import { convertLead, createRecord, updateRecord } from "./writes.js";

/** The entity types whose records can be written. */
const WRITABLE: readonly EntityType[] = ["Contact", "Lead", "Meeting", "Account"];

interface Params {
  entity: string;
  id: string;
}

export function addRecordRoutes(app: FastifyInstance, now: () => number): void {
  const writeContext = ({ database, caller }: Access) => ({ database, caller, now: now() });
  const params = (request: FastifyRequest) => searchParams(request.url, request.headers["x-no-total"] !== "true");

  app.get<{ Params: Params }>("/:entity", async (request) => {
    const access = accessOf(request);
    const entity = entityOf(request.params.entity);
    const { database, caller } = access;
    const search = params(request);
    const hidden = hiddenAttributes(database, caller, entity);
    refuseHidden(search, hidden, database.version);
    const { list, ...rest } = listRecords(database, entity, visible(access, entity), search);
    return { ...rest, list: list.map((view) => without(view, hidden)) };
  });

  app.get<{ Params: Params }>("/:entity/:id", async (request) => {
    const access = accessOf(request);
    const entity = entityOf(request.params.entity);
    const row = existing(access, entity, request.params.id);
    if (!mayRead(access, entity, row)) throw new EspoError(403, "No read access.");
    const view = singleView(access.database, entity, row);
    return without(view, hiddenAttributes(access.database, access.caller, entity));
  });

  app.post<{ Params: Params }>("/:entity", async (request) => {
    const access = accessOf(request);
    const entity = writable(request.params.entity);
    const skips = request.headers["x-skip-duplicate-check"] === "true";
    const hidden = hiddenAttributes(access.database, access.caller, entity);
    // What a role forbids to write is ignored.
    const body = without(bodyOf(request), hidden);
    const row = createRecord(writeContext(access), entity, body, skips);
    return without(createdView(access.database, entity, row, body), hidden);
  });

  app.post("/Lead/action/convert", async (request) => {
    const access = accessOf(request);
    const { id, records } = bodyOf(request);
    const lead = existing(access, "Lead", String(id));
    return singleView(access.database, "Lead", convertLead(writeContext(access), lead, records));
  });

  app.route<{ Params: Params }>({
    method: ["PUT", "PATCH"],
    url: "/:entity/:id",
    handler: async (request) => {
      const access = accessOf(request);
      const entity = writable(request.params.entity);
      const old = existing(access, entity, request.params.id);
      const hidden = hiddenAttributes(access.database, access.caller, entity);
      const body = without(bodyOf(request), hidden);
      const row = updateRecord(writeContext(access), entity, old, body);
      return without(updatedView(access.database, entity, [old, row], body), hidden);
    },
  });

  app.delete<{ Params: Params }>("/:entity/:id", async (request, reply) => {
    const { database } = accessOf(request);
    const entity = writable(request.params.entity);
    const row = database.live(entity, request.params.id);
    if (!row) throw noSuchRecord(request.params.id);
    database.put(entity, { ...row, deleted: true });
    return reply.send("true");
  });
}

function without(record: Readonly<Record<string, unknown>>, hidden: ReadonlySet<string>): Record<string, unknown> {
  if (hidden.size === 0) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !hidden.has(name)));
}

/** @throws EspoError for a condition or an order with an attribute that the role forbids to read */
function refuseHidden({ where, orderBy }: SearchParams, hidden: ReadonlySet<string>, version: EspoVersion): void {
  const named = (items: SearchParams["where"]): string[] =>
    items.flatMap(({ attribute, items: inner }) => [attribute, ...named(inner)]);
  const attribute = named(where).find((name) => hidden.has(name));
  if (attribute !== undefined) throw version.forbidden(`Forbidden attribute '${attribute}' in where.`);
  if (orderBy !== null && hidden.has(orderBy) && !version.ordersByHidden)
    throw version.forbidden(`Not access to order by field '${orderBy}'.`);
}

function entityOf(name: string): EntityType {
  if (!isEntityType(name)) throw new EspoError(404);
  return name;
}

function writable(name: string): EntityType {
  const entity = entityOf(name);
  if (!WRITABLE.includes(entity)) throw new EspoError(403, "No edit access.");
  return entity;
}

/** Finds a record. Administrators also get a deleted record, which is marked as deleted. */
function existing({ database, caller }: Access, entity: EntityType, id: string): Row {
  const row = caller.isAdmin ? database.find(entity, id) : database.live(entity, id);
  if (!row) throw noSuchRecord(id);
  return row;
}

/** Returns the records that the caller may list. Only administrators see users who left and API users. */
function visible({ database, caller }: Access, entity: EntityType): Row[] {
  const rows = database.rows(entity).filter((row) => mayRead({ database, caller }, entity, row));
  if (entity !== "User" || caller.isAdmin) return rows;
  return rows.filter((row) => row["isActive"] === true && row["type"] !== "api");
}

function mayRead({ caller }: Access, entity: EntityType, row: Row): boolean {
  return !caller.readsOwnOnly || !("assignedUser" in ENTITY_DEFS[entity]) || row["assignedUserId"] === caller.id;
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const { body } = request;
  if (!isObject(body)) throw new EspoError(400, "Bad data.");
  return body;
}
