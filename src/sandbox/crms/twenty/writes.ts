import { isNumber } from "../../kit/exact-number.js";
import { readJson, textOf } from "../../kit/json.js";
import { isObject } from "../../kit/request.js";
import { isRfcUuid } from "../../kit/uuid.js";
import { badRequest, entityNotFound, queryFailed } from "./errors.js";
import { fieldNamed, objectNamed, type Field, type ObjectDefinition, type ObjectName } from "./objects.js";
import { COMPOSITES, emptyValues, type Composite } from "./values.js";
import { toMicros, type Micros, type Row, type Workspace } from "./workspace.js";

type Body = Record<string, unknown>;

export function createRecord(workspace: Workspace, name: ObjectName, body: unknown, at = workspace.tick()): Row {
  const { id, createdAt, ...given } = bodyOf(body);
  const values = { ...emptyValues(name), ...writtenValues(workspace, name, given, null) };
  return workspace.insert(name, {
    ...(id === undefined ? {} : { id: uuid(id) }),
    createdAt: createdAt === undefined ? at : time(createdAt),
    updatedAt: at,
    isOwn: true,
    values,
  });
}

export function updateRecord(workspace: Workspace, name: ObjectName, id: string, body: unknown): Row {
  const row = requireLive(workspace, name, id);
  const { id: _id, ...given } = bodyOf(body);
  const values = writtenValues(workspace, name, given, row);
  Object.assign(row.values, values);
  row.updatedAt = workspace.tick();
  return row;
}

/**
 * Destroys a record for ever, or marks it as deleted: it stays in the table, where people can restore it, but reads no
 * longer find it. Source: twentyhq/twenty, the REST API's parameter `soft_delete`.
 */
export function deleteRecord(workspace: Workspace, name: ObjectName, id: string, isSoft: boolean): Row {
  const row = requireLive(workspace, name, id);
  if (!isSoft) workspace.destroy(name, row.id);
  row.deletedAt = row.updatedAt = workspace.tick();
  return row;
}

function requireLive(workspace: Workspace, name: ObjectName, id: string): Row {
  if (!isRfcUuid(id)) throw badRequest(`'${id}' is not a valid UUID`);
  const row = workspace.live(name, id.toLowerCase());
  if (!row) throw entityNotFound(name, id);
  return row;
}

function bodyOf(body: unknown): Body {
  if (isObject(body)) return body;
  throw badRequest("The body must be an object.");
}

/** @param current the row that is updated; its parts of composites stay if the body omits them */
function writtenValues(workspace: Workspace, name: ObjectName, body: Body, current: Row | null): Body {
  const object = objectNamed(name);
  const values: Body = {};
  for (const [key, value] of Object.entries(body)) {
    const field = fieldNamed(object, key);
    if (!field) throw badRequest(`Field metadata for field "${key}" is missing in object metadata ${name}`);
    if (value === undefined || isSystemField(key)) continue;
    const before = (current?.values[key] ?? emptyValues(name)[key]) as Composite;
    values[key] = COMPOSITES[field.type]
      ? composite(field, value, before)
      : plainValue(workspace, object, field, value);
  }
  refuseDuplicateEmail(workspace, name, values, current);
  return values;
}

function isSystemField(key: string): boolean {
  return ["createdAt", "updatedAt", "deletedAt", "createdBy"].includes(key);
}

function composite({ name, type }: Field, value: unknown, before: Composite): Composite {
  const parts = COMPOSITES[type]!;
  if (value !== null && typeof value !== "object") throw badRequest(`Invalid value for the composite field ${name}`);
  const written: Composite = { ...before };
  for (const [part, given] of Object.entries(value ?? emptyOf(parts))) {
    const kind = parts[part];
    if (kind === undefined) throw badRequest(`Sub field "${part}" of field "${name}" does not exist`);
    written[part] = partValue(type, kind, given);
  }
  return written;
}

function emptyOf(parts: Readonly<Record<string, string>>): Composite {
  return Object.fromEntries(Object.keys(parts).map((part) => [part, null]));
}

function partValue(type: string, kind: string, given: unknown): unknown {
  if (kind === "JSON") {
    const json: unknown = typeof given === "string" && given !== "" ? readJson(given) : given;
    const list = Array.isArray(json) && json.length > 0 ? json : null;
    return type === "EMAILS" && list ? list.map((address) => String(address).toLowerCase()) : list;
  }
  if (given === null || given === undefined) return kind === "TEXT" ? "" : null;
  // The database's bigint is a text in JSON.
  return type === "EMAILS" ? textOf(given).toLowerCase() : textOf(given);
}

function plainValue(workspace: Workspace, object: ObjectDefinition, field: Field, value: unknown): unknown {
  const { type } = field;
  if (value === null) return type === "TEXT" ? "" : type === "BOOLEAN" ? false : null;
  if (type === "TEXT") return textOf(value);
  if (type === "NUMBER") return number(value);
  if (type === "DATE_TIME") return time(value);
  if (type === "SELECT") return choice(object, field, value);
  if (type === "MULTI_SELECT") return [value].flat().map((one) => choice(object, field, one));
  if (type === "UUID") return reference(workspace, object, field, value);
  if (typeof value === "boolean") return value;
  throw queryFailed(`invalid input syntax for type boolean: "${textOf(value)}"`);
}

/** A column of double precision. */
function number(value: unknown): number {
  if (isNumber(value)) return Number(value);
  if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value);
  throw queryFailed(`invalid input syntax for type double precision: "${String(value)}"`);
}

function reference(
  workspace: Workspace,
  { nameSingular }: ObjectDefinition,
  { name, relation }: Field,
  value: unknown,
) {
  const id = uuid(value);
  if (!relation || workspace.find(relation.target, id)) return id;
  throw queryFailed(`insert or update on table "${nameSingular}" violates foreign key constraint "FK_${name}"`);
}

function choice({ nameSingular }: ObjectDefinition, { name, options = [] }: Field, value: unknown): string {
  if (options.includes(String(value))) return String(value);
  throw queryFailed(
    `invalid input value for enum workspace_1wgvd1injqtife6y4rvfbu3h5."${nameSingular}_${name}_enum": "${String(value)}"`,
  );
}

function uuid(value: unknown): string {
  if (isRfcUuid(String(value))) return String(value).toLowerCase();
  throw queryFailed(`invalid input syntax for type uuid: "${String(value)}"`);
}

function time(value: unknown): Micros {
  const micros = typeof value === "string" ? toMicros(value) : NaN;
  if (!Number.isNaN(micros)) return micros;
  throw queryFailed(`invalid input syntax for type timestamp with time zone: "${String(value)}"`);
}

/** The primary address of a person is unique among people that are not deleted. */
function refuseDuplicateEmail(workspace: Workspace, name: ObjectName, values: Body, current: Row | null): void {
  const address = (values["emails"] as Composite | undefined)?.["primaryEmail"];
  if (name !== "person" || !address) return;
  const twin = workspace
    .rows("person")
    .find((row) => row.deletedAt === null && (row.values["emails"] as Composite)["primaryEmail"] === address);
  if (twin && twin !== current) {
    throw queryFailed('duplicate key value violates unique constraint "IDX_UNIQUE_87914cd3ce963115f8cb943e2ac"');
  }
}
