import { isObject } from "../../kit/request.js";
import { entityNamed, entityOf, entityOfSet, type Entity } from "./entities.js";
import { badPayload, noSuchSegment, notFound, preconditionFailed } from "./errors.js";
import { definitionsAt } from "./metadata.js";
import type { Org, Row } from "./org.js";
import { countRows, type Preferences, preferencesOf, runQuery, shapeOf } from "./query.js";
import { type Shape, viewOf } from "./view.js";
import { type Body, createRow, deleteRow, qualifyLead, updateRow } from "./writes.js";

/** One call of the Web API, independent of the HTTP server. */
export interface ApiCall {
  method: string;
  /** The path below the Web API, not decoded: `contacts(…)`. */
  path: string;
  /** The query string, not decoded and without the question mark. */
  search: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: unknown;
  /** Scheme, host and path of the Web API. */
  base: string;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  /** Undefined without a body. A text is sent as plain text. */
  body?: object | string;
}

const RECORD = /^(\w+)\(([0-9a-fA-F-]{36})\)(?:\/(.+))?$/;

/** Executes a call. @throws DataverseError */
export function callApi(org: Org, call: ApiCall): ApiAnswer {
  const path = decodeURIComponent(call.path).replace(/\/$/, "");
  const preferences = preferencesOf(call.headers["prefer"]);
  if (path.startsWith("EntityDefinitions")) return ok(definitionsAt(org.name, path, call.search, call.base));
  if (path === "WhoAmI" || path === "WhoAmI()") return ok(whoAmI(org, call.base));
  const [, recordSet, id, rest] = RECORD.exec(path) ?? [];
  const [set, count] = recordSet === undefined ? path.split("/") : [recordSet];
  const table = entityOfSet(set ?? "");
  const entity = table && entityOf(org.name, table);
  if (!entity || (count !== undefined && count !== "$count")) throw noSuchSegment(path);
  if (id === undefined) return callCollection(org, entity, call, preferences, count !== undefined);
  const key = id.toLowerCase();
  return rest === undefined
    ? callRecord(org, entity, key, call, preferences)
    : callPart(org, entity, key, rest, call, preferences);
}

function callCollection(org: Org, entity: Entity, call: ApiCall, preferences: Preferences, counts: boolean): ApiAnswer {
  const { method, search, base } = call;
  const rows = org.all(entity.name);
  if (counts) return { status: 200, headers: {}, body: String(countRows(org, entity, rows, search)) };
  if (method === "GET") {
    return applied(ok(runQuery(org, entity, rows, { search, preferences, base, path: entity.set })), preferences);
  }
  if (method !== "POST") throw noSuchSegment(entity.set);
  const shape = representation(call, preferences);
  const id = createRow(org, entity, bodyOf(entity, call), { detectsDuplicates: detects(org, call) });
  return written(org, entity, id, call, shape, 201);
}

function callRecord(org: Org, entity: Entity, id: string, call: ApiCall, preferences: Preferences): ApiAnswer {
  const row = org.get(entity.name, id);
  if (call.method === "PATCH") {
    if (row && call.headers["if-none-match"] === "*") throw preconditionFailed();
    if (!row && call.headers["if-match"] !== undefined) throw notFound(entity.name, id);
    const shape = representation(call, preferences);
    const options = { detectsDuplicates: detects(org, call), id };
    if (row) updateRow(org, entity, row, bodyOf(entity, call), options);
    else createRow(org, entity, bodyOf(entity, call), options);
    return written(org, entity, id, call, shape, row ? 200 : 201);
  }
  if (!row) throw notFound(entity.name, id);
  if (call.method === "DELETE") {
    deleteRow(org, entity, id);
    return { status: 204, headers: {} };
  }
  if (call.method !== "GET") throw noSuchSegment(entity.set);
  const view = viewOf(org, entity, row, shapeOf(call.search, preferences), call.base);
  return applied(ok({ "@odata.context": `${call.base}/$metadata#${entity.set}/$entity`, ...view }), preferences);
}

/** Executes a call for a part of a record: a collection or an action. */
function callPart(
  org: Org,
  entity: Entity,
  id: string,
  part: string,
  call: ApiCall,
  preferences: Preferences,
): ApiAnswer {
  const row = org.get(entity.name, id);
  if (!row) throw notFound(entity.name, id);
  const { method, search, base } = call;
  if (method === "GET" && entity.name === "appointment" && part === "appointment_activity_parties") {
    const path = `${entity.set}(${id})/${part}`;
    return ok(runQuery(org, entityNamed("activityparty"), org.partiesOf(id), { search, preferences, base, path }));
  }
  if (method === "POST" && entity.name === "lead" && /^(Microsoft\.Dynamics\.CRM\.)?QualifyLead$/.test(part)) {
    return ok(qualified(org, row, call));
  }
  throw noSuchSegment(part);
}

function qualified(org: Org, lead: Row, call: ApiCall): object {
  const made = qualifyLead(org, lead, bodyOf(entityNamed("lead"), call));
  return {
    value: made.map(({ entity, id }) => ({
      "@odata.type": `#Microsoft.Dynamics.CRM.${entity}`,
      [entityNamed(entity).key]: id,
    })),
  };
}

/** The columns that a write answers; null if it answers none. `$expand` is ignored. */
function representation({ search }: ApiCall, preferences: Preferences): Shape | null {
  return preferences.returnsRepresentation ? { ...shapeOf(search, preferences), expand: [] } : null;
}

function written(
  org: Org,
  entity: Entity,
  id: string,
  { base }: ApiCall,
  shape: Shape | null,
  status: number,
): ApiAnswer {
  if (!shape) return { status: 204, headers: { "odata-entityid": `${base}/${entity.set}(${id})` } };
  const view = viewOf(org, entity, org.get(entity.name, id)!, shape, base);
  const body = { "@odata.context": `${base}/$metadata#${entity.set}/$entity`, ...view };
  return { status, headers: { "preference-applied": "return=representation" }, body };
}

/** Whether the call detects duplicates. Some environments have a plug-in that always does. */
function detects({ name }: Org, { headers }: ApiCall): boolean {
  return headers["mscrm.suppressduplicatedetection"] === "false" || name.startsWith("guarded");
}

function bodyOf(entity: Entity, { body }: ApiCall): Body {
  if (isObject(body)) return body;
  throw badPayload(entity.set, "An object was expected.");
}

function whoAmI(org: Org, base: string): object {
  const organization = org.userId.replace(/.$/, "0");
  return {
    "@odata.context": `${base}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: organization,
    UserId: org.userId,
    OrganizationId: organization,
  };
}

function ok(body: object): ApiAnswer {
  return { status: 200, headers: {}, body };
}

function applied(answer: ApiAnswer, { maxPageSize }: Preferences): ApiAnswer {
  if (maxPageSize === null) return answer;
  return { ...answer, headers: { ...answer.headers, "preference-applied": `odata.maxpagesize=${maxPageSize}` } };
}
