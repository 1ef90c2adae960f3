import { isNumber } from "../../kit/exact-number.js";
import { readJson, textOf } from "../../kit/json.js";
import { isObject } from "../../kit/request.js";
import { isRfcUuid } from "../../kit/uuid.js";
import { badRequest, type Refusals } from "./errors.js";
import { fieldNamed, type Field, type ObjectDefinition, type ObjectName } from "./objects.js";
import { assertStrict, strictComposite } from "./strict-values.js";
import { COMPOSITES, emptyValues, type Composite } from "./values.js";
import { toMicros, type Micros, type Row, type Workspace } from "./workspace.js";

type Body = Record<string, unknown>;

export function createRecord(workspace: Workspace, name: ObjectName, body: unknown, at = workspace.tick()): Row {
  const { id, createdAt, ...given } = bodyOf(body);
  const { refusals } = workspace.version;
  const object = workspace.object(name);
  const values = { ...emptyValues(object), ...writtenValues(workspace, object, given, null) };
  return workspace.insert(name, {
    ...(id === undefined ? {} : { id: uuid(refusals, "id", id) }),
    createdAt: createdAt === undefined ? at : time(refusals, "createdAt", createdAt),
    updatedAt: at,
    values,
  });
}

/** Recent versions also change records that are marked as deleted. */
export function updateRecord(workspace: Workspace, name: ObjectName, id: string, body: unknown): Row {
  const { id: _id, ...given } = bodyOf(body);
  const object = workspace.object(name);
  if (workspace.version.isRecent) assertFields(workspace.version.refusals, object, given);
  const row = requireRow(workspace, name, id);
  const values = writtenValues(workspace, object, given, row);
  Object.assign(row.values, values);
  row.updatedAt = workspace.tick();
  return row;
}

/**
 * Destroys a record for ever, or marks it as deleted: it stays in the table, where people can restore it, but reads no
 * longer find it. Source: twentyhq/twenty, the REST API's parameter `soft_delete`.
 */
export function deleteRecord(workspace: Workspace, name: ObjectName, id: string, isSoft: boolean): Row {
  const row = requireRow(workspace, name, id);
  if (!isSoft) workspace.destroy(name, row.id);
  row.deletedAt = row.updatedAt = workspace.tick();
  return row;
}

function requireRow(workspace: Workspace, name: ObjectName, id: string): Row {
  const { isRecent, refusals } = workspace.version;
  if (!isRfcUuid(id)) throw badRequest(`'${id}' is not a valid UUID`);
  const row = isRecent ? workspace.find(name, id.toLowerCase()) : workspace.live(name, id.toLowerCase());
  if (!row) throw refusals.nothingToWrite(name, id);
  return row;
}

function bodyOf(body: unknown): Body {
  if (isObject(body)) return body;
  throw badRequest("The body must be an object.");
}

/** @param current the row that is updated; its parts of composites stay if the body omits them */
function writtenValues(workspace: Workspace, object: ObjectDefinition, body: Body, current: Row | null): Body {
  const { refusals, isRecent } = workspace.version;
  const values: Body = {};
  assertFields(refusals, object, body);
  for (const [key, value] of Object.entries(body)) {
    const field = fieldNamed(object, key)!;
    if (isRecent) assertStrict(field, value);
    if (value === undefined || isSystemField(key)) continue;
    const before = (current?.values[key] ?? emptyValues(object)[key]) as Composite;
    values[key] = COMPOSITES[field.type]
      ? composite(workspace, field, value, before)
      : plainValue(workspace, object, field, value);
  }
  refuseDuplicateEmail(workspace, object, values, current);
  return values;
}

function assertFields(refusals: Refusals, object: ObjectDefinition, body: Body): void {
  const unknown = Object.keys(body).find((key) => !fieldNamed(object, key));
  if (unknown !== undefined) throw refusals.unknownField(object.nameSingular, unknown);
}

function isSystemField(key: string): boolean {
  return ["createdAt", "updatedAt", "deletedAt", "createdBy", "updatedBy"].includes(key);
}

function composite({ version }: Workspace, field: Field, value: unknown, before: Composite): Composite {
  const { refusals, isRecent } = version;
  const parts = COMPOSITES[field.type]!;
  if (value !== null && typeof value !== "object") throw refusals.badComposite(field.name, value);
  // Null changes nothing. Recorded from Twenty 2.21.
  if (value === null) return before;
  const written: Composite = {};
  for (const [part, given] of Object.entries(value)) {
    const kind = parts[part];
    if (kind === undefined) throw refusals.unknownPart(field.name, part, field.type);
    written[part] = partValue(field.type, kind, given);
  }
  return { ...before, ...(isRecent ? strictComposite(field, written) : written) };
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
  const { type, name } = field;
  const { refusals, isRecent } = workspace.version;
  if (value === null) return type === "TEXT" ? "" : type === "BOOLEAN" ? false : null;
  if (type === "TEXT") return textOf(value);
  if (type === "NUMBER" || type === "POSITION") return number(refusals, name, value, isRecent);
  if (type === "DATE_TIME") return time(refusals, name, value);
  if (type === "SELECT") return choice(refusals, object, field, value);
  if (type === "MULTI_SELECT") return [value].flat().map((one) => choice(refusals, object, field, one));
  if (type === "FILES") return value;
  if (type === "UUID") return reference(workspace, object, field, value);
  if (typeof value === "boolean") return value;
  throw refusals.badBoolean(name, value);
}

/** A column of double precision. Recent versions take no texts for it. */
function number(refusals: Refusals, name: string, value: unknown, isStrict: boolean): number {
  if (isNumber(value)) return Number(value);
  if (!isStrict && typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
    return Number(value);
  throw refusals.badNumber(name, value);
}

function reference(
  workspace: Workspace,
  { nameSingular }: ObjectDefinition,
  { name, relation }: Field,
  value: unknown,
) {
  const { refusals } = workspace.version;
  const id = uuid(refusals, name, value);
  if (!relation || workspace.find(relation.target, id)) return id;
  throw refusals.missingReference(nameSingular, name);
}

function choice(
  refusals: Refusals,
  { nameSingular }: ObjectDefinition,
  { name, options = [] }: Field,
  value: unknown,
): string {
  if (options.includes(String(value))) return String(value);
  throw refusals.badOption(nameSingular, name, String(value), options);
}

function uuid(refusals: Refusals, name: string, value: unknown): string {
  if (isRfcUuid(String(value))) return String(value).toLowerCase();
  throw refusals.badId(name, String(value));
}

function time(refusals: Refusals, name: string, value: unknown): Micros {
  const micros = typeof value === "string" ? toMicros(value) : NaN;
  if (!Number.isNaN(micros)) return micros;
  throw refusals.badTime(name, String(value));
}

/** The primary address of a person is unique, in recent versions also among people that are marked as deleted. */
function refuseDuplicateEmail(
  workspace: Workspace,
  { nameSingular }: ObjectDefinition,
  values: Body,
  current: Row | null,
): void {
  const { isRecent, refusals } = workspace.version;
  const address = (values["emails"] as Composite | undefined)?.["primaryEmail"];
  if (nameSingular !== "person" || !address) return;
  const twin = workspace
    .rows("person")
    .filter(({ deletedAt }) => isRecent || deletedAt === null)
    .find((row) => (row.values["emails"] as Composite)["primaryEmail"] === address);
  if (twin && twin !== current) throw refusals.duplicate();
}
