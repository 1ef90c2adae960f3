import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type PipedriveAccount, type Row, stamp } from "./account.js";
import { storedCustomFields } from "./company-fields.js";
import { badRequest, notFound, refusal } from "./errors.js";
import { addRecordRoutes, assertOrganization, assertUser } from "./record-routes.js";
import { bodyOf } from "./request.js";
import { addSearchRoute, organizationIn } from "./search.js";

const text = z.string().nullable();
const entries = z.array(
  z.strictObject({ value: z.string().min(1), primary: z.boolean().optional(), label: z.string().optional() }),
);
const ADDRESS_PARTS = [
  ...["value", "country", "admin_area_level_1", "admin_area_level_2", "locality", "sublocality", "route"],
  ...["street_number", "subpremise", "postal_code"],
];
const address = z.strictObject(Object.fromEntries(ADDRESS_PARTS.map((part) => [part, text.optional()]))).nullable();

/** Source: developers.pipedrive.com, "Persons", API v2. One place of the page lists the parts of a name as writable. */
const changes = z
  .strictObject({
    name: z.string().min(1),
    first_name: text,
    last_name: text,
    owner_id: z.int(),
    org_id: z.int().nullable(),
    add_time: z.string(),
    emails: entries,
    phones: entries,
    visible_to: z.int(),
    label_ids: z.array(z.int()),
    postal_address: address,
    notes: text,
    im: entries,
    birthday: text,
    job_title: text,
    marketing_status: z.string(),
    custom_fields: z.record(z.string(), z.unknown()),
  })
  .partial();

const SYNCED = ["postal_address", "notes", "im", "birthday", "job_title"];

export function addPersonRoutes(api: FastifyInstance): void {
  addRecordRoutes(api, {
    path: "/persons",
    what: "person",
    table: (account) => account.persons,
    filters: { owner_id: "owner_id", org_id: "org_id" },
    create(account, request) {
      const body = bodyOf(request, changes);
      const name = body.name ?? joined(body);
      if (name === "") throw badRequest("Validation failed: name: Required");
      const id = account.newId();
      return changed(account, emptyPerson(account, id), { ...body, name });
    },
    change: (account, row, request) => changed(account, row, bodyOf(request, changes)),
  });

  addSearchRoute(api, {
    path: "/persons/search",
    rows: ({ persons }) => persons.indexed().filter((row) => row["is_deleted"] !== true),
    searched: {
      name: (row) => [row["name"]],
      email: (row) => valuesOf(row["emails"]),
      phone: (row) => valuesOf(row["phones"]),
      notes: (row) => [row["notes"]],
      custom_fields: (row) => Object.values(row["custom_fields"] as Row),
    },
    resultOf: (account, row) => ({
      id: row["id"],
      type: "person",
      name: row["name"],
      phones: valuesOf(row["phones"]),
      emails: valuesOf(row["emails"]),
      visible_to: row["visible_to"],
      owner: { id: row["owner_id"] },
      organization: organizationIn(account, row["org_id"]),
      custom_fields: [],
      notes: [],
    }),
  });
}

/** A person without values. */
export function emptyPerson(account: PipedriveAccount, id: number): Row {
  const now = stamp(account.now());
  const synced = Object.fromEntries(SYNCED.map((name) => [name, name === "im" ? [] : null]));
  return {
    id,
    name: "",
    first_name: null,
    last_name: null,
    owner_id: account.me.id,
    org_id: null,
    add_time: now,
    update_time: now,
    emails: [],
    phones: [],
    is_deleted: false,
    visible_to: 3,
    marketing_status: "no_consent",
    label_ids: [],
    picture_id: null,
    ...(account.contactSync ? synced : {}),
    custom_fields: Object.fromEntries(
      account.personFields.filter((one) => one.isCustom).map(({ code }) => [code, null]),
    ),
  };
}

function changed(account: PipedriveAccount, row: Row, body: z.output<typeof changes>): Row {
  const given = Object.keys(body);
  if (!account.contactSync && given.some((name) => SYNCED.includes(name))) {
    throw refusal(403, "Contact sync is not enabled for this company", { code: "ERR_FORBIDDEN" });
  }
  if (body.owner_id !== undefined) assertUser(account, body.owner_id);
  if (typeof body.org_id === "number") assertOrganization(account, body.org_id, notFound("organization"));
  const labels = account.personFields.find(({ code }) => code === "label_ids")!.options!;
  const label = body.label_ids?.find((id) => !labels.some((known) => known.id === id));
  if (label !== undefined) throw badRequest(`Validation failed: label_ids: Unknown label ${label}`);
  const custom = storedCustomFields(account.personFields, body.custom_fields ?? {});
  const partsGiven = body.first_name !== undefined || body.last_name !== undefined;
  return {
    ...row,
    ...body,
    ...(body.name === undefined || partsGiven ? {} : partsOf(body.name)),
    ...(partsGiven ? { name: body.name ?? joined({ ...row, ...body }) } : {}),
    ...(body.emails ? { emails: withPrimary(body.emails) } : {}),
    ...(body.phones ? { phones: withPrimary(body.phones) } : {}),
    ...(body.postal_address
      ? { postal_address: { ...Object.fromEntries(ADDRESS_PARTS.map((part) => [part, null])), ...body.postal_address } }
      : {}),
    custom_fields: { ...(row["custom_fields"] as Row), ...custom },
    update_time: stamp(account.now()),
  };
}

/** Splits a name at the first space. Pipedrive does not document how it splits a name. */
function partsOf(name: string): Row {
  const [first, ...rest] = name.split(" ");
  return { first_name: first, last_name: rest.join(" ") || null };
}

function joined({ first_name, last_name }: { first_name?: unknown; last_name?: unknown }): string {
  return [first_name, last_name].filter(Boolean).join(" ");
}

/** The first entry is primary if none is marked. */
function withPrimary(given: z.output<typeof entries>): Row[] {
  const marked = Math.max(
    0,
    given.findIndex(({ primary }) => primary),
  );
  return given.map(({ value, label = "" }, index) => ({ value, primary: index === marked, label }));
}

function valuesOf(entriesOfRow: unknown): string[] {
  return (entriesOfRow as { value: string }[]).map(({ value }) => value);
}
