import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { inOrder } from "../../kit/order.js";
import { queryText } from "../../kit/request.js";
import type { PipedriveAccount, Row } from "./account.js";
import { storedCustomFields } from "./company-fields.js";
import { badRequest, notFound } from "./errors.js";
import { assertOrganization, assertPerson, assertUser } from "./record-routes.js";
import { accountOf, bodyOf, idOf, queryInteger } from "./request.js";
import { addSearchRoute, organizationIn } from "./search.js";

/** Source: developers.pipedrive.com, "Leads", API v1. It ignores unknown parameters. */
const changes = z
  .looseObject({
    title: z.string().min(1),
    owner_id: z.int(),
    label_ids: z.array(z.string()),
    person_id: z.int().nullable(),
    organization_id: z.int().nullable(),
    is_archived: z.boolean(),
    value: z.object({ amount: z.number(), currency: z.string().regex(/^[A-Z]{3}$/, "Unknown currency") }).nullable(),
    expected_close_date: z.string().nullable(),
    visible_to: z.string(),
    was_seen: z.boolean(),
    channel: z.int().nullable(),
    channel_id: z.string().nullable(),
  })
  .partial();
const WRITABLE = new Set(Object.keys(changes.shape));

const SORT_FIELDS = [
  ...["id", "title", "owner_id", "creator_id", "was_seen", "expected_close_date", "next_activity_id"],
  ...["add_time", "update_time"],
];
const FILTERS = ["owner_id", "person_id", "organization_id"];
const LIMIT_MAX = 500;

export function addLeadRoutes(api: FastifyInstance): void {
  for (const isArchived of [false, true]) {
    api.get(isArchived ? "/leads/archived" : "/leads", (request) => {
      const rows = accountOf(request).leads.all();
      return offsetPage(request, sorted(request, passing(request, rows, isArchived)));
    });
  }
  api.get("/leads/:id", (request) => ({ success: true, data: existing(request) }));
  api.post("/leads", (request, reply) => {
    const account = accountOf(request);
    const now = new Date(account.now()).toISOString();
    const row = changed(request, {
      ...EMPTY,
      id: randomUUID(),
      owner_id: account.me.id,
      creator_id: account.me.id,
      add_time: now,
      update_time: now,
    });
    account.leads.set(String(row["id"]), row);
    return reply.code(201).send({ success: true, data: row });
  });
  api.patch("/leads/:id", (request) => {
    const row = changed(request, existing(request));
    accountOf(request).leads.set(idOf(request), row);
    return { success: true, data: row };
  });
  api.delete("/leads/:id", (request) => {
    existing(request);
    accountOf(request).leads.set(idOf(request), null);
    return { success: true, data: { id: idOf(request) } };
  });
}

/** Adds the search of leads, which is in v2. All other calls for leads are in v1. */
export function addLeadSearchRoute(api: FastifyInstance): void {
  addSearchRoute(api, {
    path: "/leads/search",
    rows: ({ leads }) => leads.indexed(),
    searched: {
      title: (row) => [row["title"]],
      notes: () => [],
      custom_fields: (row) => Object.entries(row).flatMap(([key, value]) => (isCustom(key) ? [value] : [])),
    },
    resultOf,
  });
}

const isCustom = (key: string) => /^[0-9a-f]{40}$/.test(key);

/** A lead without values. */
export const EMPTY: Row = {
  title: "",
  label_ids: [],
  person_id: null,
  organization_id: null,
  source_name: "API",
  origin: "API",
  origin_id: null,
  channel: null,
  channel_id: null,
  source_deal_id: null,
  is_archived: false,
  was_seen: false,
  value: null,
  expected_close_date: null,
  next_activity_id: null,
  visible_to: "3",
  cc_email: "leads@pipedrivemail.com",
};

function existing(request: FastifyRequest): Row {
  const row = accountOf(request).leads.get(idOf(request));
  if (!row) throw notFound("lead");
  return row;
}

function changed(request: FastifyRequest, row: Row): Row {
  const account = accountOf(request);
  const body = bodyOf(request, changes);
  const given = Object.fromEntries(Object.entries(body).filter(([key]) => isCustom(key)));
  const custom = storedCustomFields(account.leadFields, given);
  if (body.owner_id !== undefined) assertUser(account, body.owner_id);
  if (typeof body.person_id === "number") assertPerson(account, body.person_id, "person_id: Unknown person");
  if (typeof body.organization_id === "number") {
    const refusal = badRequest("Validation failed: organization_id: Unknown organization");
    assertOrganization(account, body.organization_id, refusal);
  }
  const label = body.label_ids?.find((id) => !account.leadLabels.some((known) => known.id === id));
  if (label !== undefined) throw badRequest("Validation failed: label_ids: Unknown label");
  const known = Object.fromEntries(Object.entries(body).filter(([key]) => WRITABLE.has(key)));
  const next: Row = { ...row, ...known, ...inV1(custom), update_time: new Date(account.now()).toISOString() };
  // v1 omits fields without a value.
  for (const [key, value] of Object.entries(next)) if (isCustom(key) && value === null) delete next[key];
  if (next["title"] === "") throw badRequest("Validation failed: title: Required");
  if (next["person_id"] === null && next["organization_id"] === null) {
    throw badRequest("A lead must be linked to a person or an organization");
  }
  return next;
}

/** Converts custom values to the form of v1, which joins several options with commas. */
function inV1(custom: Row): Row {
  return Object.fromEntries(
    Object.entries(custom).map(([key, value]) => [key, Array.isArray(value) ? value.join(",") : value]),
  );
}

function passing(request: FastifyRequest, rows: readonly Row[], isArchived: boolean): Row[] {
  const values = FILTERS.flatMap((name) => {
    const value = queryInteger(request, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const since = Date.parse(queryText(request, "updated_since") ?? "1970-01-01T00:00:00Z");
  if (Number.isNaN(since)) throw badRequest("Validation failed: updated_since: Expected ISO 8601 format");
  return rows.filter(
    (row) =>
      row["is_archived"] === isArchived &&
      values.every(([name, value]) => row[name] === value) &&
      Date.parse(row["update_time"] as string) >= since,
  );
}

/** Sorts leads, by default oldest first. */
function sorted(request: FastifyRequest, rows: readonly Row[]): Row[] {
  const terms = (queryText(request, "sort") ?? "add_time ASC").split(",").map((part) => {
    const [, field = "", direction] = /^\s*(\w+)\s+(ASC|DESC)\s*$/i.exec(part) ?? [];
    if (!SORT_FIELDS.includes(field)) throw badRequest("Validation failed: sort: Unknown field");
    const descending = direction!.toUpperCase() === "DESC";
    return { keyOf: (row: Row) => keyOf(row[field]), descending, emptyLast: descending };
  });
  return inOrder(rows, [...terms, { keyOf: (row) => String(row["id"]), descending: false, emptyLast: false }]);
}

function keyOf(value: unknown): string | number | null {
  return typeof value === "string" ? value.toLowerCase() : (value as number | null);
}

function offsetPage(request: FastifyRequest, rows: readonly Row[]) {
  const start = queryInteger(request, "start") ?? 0;
  const limit = Math.min(queryInteger(request, "limit") ?? 100, LIMIT_MAX);
  return {
    success: true,
    data: rows.slice(start, start + limit),
    additional_data: { start, limit, more_items_in_collection: start + limit < rows.length },
  };
}

function resultOf(account: PipedriveAccount, row: Row): Row {
  const person = account.persons.get(String(row["person_id"]));
  const value = row["value"] as { amount: number; currency: string } | null;
  const valuesOf = (entries: unknown) => ((entries ?? []) as { value: string }[]).map((entry) => entry.value);
  return {
    id: row["id"],
    type: "lead",
    title: row["title"],
    owner: { id: row["owner_id"] },
    person: person && { id: person["id"], name: person["name"] },
    organization: organizationIn(account, row["organization_id"]),
    phones: valuesOf(person?.["phones"]),
    emails: valuesOf(person?.["emails"]),
    custom_fields: [],
    notes: [],
    value: value?.amount ?? null,
    currency: value?.currency ?? null,
    visible_to: 3,
    is_archived: row["is_archived"],
  };
}
