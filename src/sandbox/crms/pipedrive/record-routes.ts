import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RecordTable } from "../../kit/record-table.js";
import type { Refusal } from "../../kit/refusal.js";
import { queryText } from "../../kit/request.js";
import { type PipedriveAccount, type Row, stamp } from "./account.js";
import { badRequest, notFound } from "./errors.js";
import { cursorPage } from "./paging.js";
import { accountOf, idOf, queryInteger, queryWord } from "./request.js";

/** Maximum number of ids in a request. */
const IDS_MAX = 100;
/** Maximum number of the company's own fields that a request can select. */
const CUSTOM_FIELDS_MAX = 15;

/** One kind of record in v2. All kinds have the same calls. */
export interface RecordKind {
  path: string;
  /** The name of the kind in errors such as "requested … not found". */
  what: string;
  table: (account: PipedriveAccount) => RecordTable<Row>;
  /** Query parameter → the field that must have its value. */
  filters: Readonly<Record<string, string>>;
  create?: (account: PipedriveAccount, request: FastifyRequest) => Row;
  change?: (account: PipedriveAccount, row: Row, request: FastifyRequest) => Row;
  /** A record as this request sees it. */
  view?(row: Row, request: FastifyRequest): Row;
}

/** Adds list, batch read, single read, create, update and delete of one kind of record. */
export function addRecordRoutes(api: FastifyInstance, kind: RecordKind): void {
  const { path, table, create, change } = kind;
  const view = (row: Row, request: FastifyRequest) => narrowed(kind.view ? kind.view(row, request) : row, request);

  api.get(path, (request) => {
    const direction = queryWord(request, "sort_direction", ["asc", "desc"]);
    const sortBy = queryWord(request, "sort_by", ["id", "update_time", "add_time"]);
    const rows = wanted(kind, request).filter((row) => row["is_deleted"] !== true);
    const { data, next_cursor } = cursorPage(request, rows, sortBy, direction);
    return { success: true, data: data.map((row) => view(row, request)), additional_data: { next_cursor } };
  });

  // A deleted record can be read for 30 days, and is marked as deleted.
  api.get(`${path}/:id`, (request) => {
    const row = table(accountOf(request)).get(idOf(request));
    if (!row) throw notFound(kind.what);
    return { success: true, data: view(row, request) };
  });

  if (create) {
    api.post(path, (request) => {
      const account = accountOf(request);
      const row = create(account, request);
      table(account).set(String(row["id"]), row);
      return { success: true, data: view(row, request) };
    });
  }
  if (!change) return;

  api.patch(`${path}/:id`, (request) => {
    const account = accountOf(request);
    const row = change(account, living(account, request), request);
    table(account).set(idOf(request), row);
    return { success: true, data: view(row, request) };
  });

  api.delete(`${path}/:id`, (request) => {
    const account = accountOf(request);
    const row = living(account, request);
    table(account).set(idOf(request), { ...row, is_deleted: true, update_time: stamp(account.now()) });
    return { success: true, data: { id: row["id"] } };
  });

  function living(account: PipedriveAccount, request: FastifyRequest): Row {
    const row = table(account).get(idOf(request));
    if (!row || row["is_deleted"] === true) throw notFound(kind.what);
    return row;
  }
}

/** @throws Refusal 400 for an unknown user */
export function assertUser({ users }: PipedriveAccount, id: number): void {
  if (!users.some((user) => user.id === id)) throw badRequest(`Validation failed: owner_id: Unknown user ${id}`);
}

/** @throws Refusal 400 for an unknown or deleted person */
export function assertPerson({ persons }: PipedriveAccount, id: number, problem: string): void {
  if ((persons.get(String(id))?.["is_deleted"] ?? true) === true) throw badRequest(`Validation failed: ${problem}`);
}

/** @throws Refusal for an unknown organization */
export function assertOrganization({ organizations }: PipedriveAccount, id: number, refusal: Refusal): void {
  if (!organizations.get(String(id))) throw refusal;
}

/** Returns the records that match the parameters. Requested ids are looked up directly, because that is fast. */
function wanted({ table, filters }: RecordKind, request: FastifyRequest): Row[] {
  const records = table(accountOf(request));
  const ids = queryText(request, "ids")?.split(",");
  if (ids && ids.length > IDS_MAX) throw badRequest(`Validation failed: ids: At most ${IDS_MAX} ids are allowed`);
  if (ids?.some((id) => !/^\d+$/.test(id))) throw badRequest("Validation failed: ids: Expected numbers");
  const rows = ids ? [...new Set(ids)].map((id) => records.get(id)).filter((row) => row !== null) : records.all();
  const values = Object.entries(filters).flatMap(([parameter, field]) => {
    const value = field === "lead_id" ? queryText(request, parameter) : queryInteger(request, parameter);
    return value === undefined ? [] : [[field, value] as const];
  });
  const since = momentOf(request, "updated_since", -Infinity);
  const until = momentOf(request, "updated_until", Infinity);
  if (values.length === 0 && since === -Infinity && until === Infinity) return rows;
  return rows.filter((row) => {
    const updated = Date.parse(row["update_time"] as string);
    return updated >= since && updated < until && values.every(([field, value]) => row[field] === value);
  });
}

function momentOf(request: FastifyRequest, name: string, none: number): number {
  const text = queryText(request, name);
  if (text === undefined) return none;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw badRequest(`Validation failed: ${name}: Expected RFC3339 format`);
  }
  return Date.parse(text);
}

function narrowed(row: Row, request: FastifyRequest): Row {
  const keys = queryText(request, "custom_fields")?.split(",");
  if (!keys || !("custom_fields" in row)) return row;
  if (keys.length > CUSTOM_FIELDS_MAX) {
    throw badRequest(`Validation failed: custom_fields: At most ${CUSTOM_FIELDS_MAX} keys are allowed`);
  }
  const values = Object.entries(row["custom_fields"] as Row).filter(([key]) => keys.includes(key));
  return { ...row, custom_fields: Object.fromEntries(values) };
}
