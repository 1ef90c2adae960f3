import type { FastifyInstance } from "fastify";
import { queryText } from "../../kit/request.js";
import type { Module, User, ZohoAccount } from "./account.js";
import { invalidModule, missingParameter } from "./errors.js";
import type { DataType, Field } from "./fields.js";
import { accountOf, queryInteger } from "./request.js";

const JSON_TYPES: Partial<Record<DataType, string>> = {
  boolean: "boolean",
  integer: "integer",
  double: "double",
  currency: "double",
  lookup: "jsonobject",
  ownerlookup: "jsonobject",
  participants: "jsonarray",
  tags: "jsonarray",
  multiselectpicklist: "jsonarray",
};
/** The sandbox's types whose names differ in Zoho's answers. */
const WIRE_TYPES: Partial<Record<DataType, string>> = { participants: "bigint", tags: "text" };

/** Adds the users, and the metadata of the modules' fields. */
export function addDirectoryRoutes(app: FastifyInstance, path: string): void {
  app.get(`${path}/users`, (request, reply) => {
    const account = accountOf(request);
    const type = queryText(request, "type") ?? "AllUsers";
    const perPage = queryInteger(request, "per_page", 200, 200);
    const page = queryInteger(request, "page", 1, 1000);
    const users = account.users.filter((user) => isOfType(account, user, type));
    const found = users.slice((page - 1) * perPage, page * perPage);
    if (found.length === 0) return reply.code(204).send();
    const more = page * perPage < users.length;
    const info = { per_page: perPage, count: found.length, page, more_records: more };
    return { users: found.map((user) => viewUser(account, user)), info };
  });

  app.get(`${path}/settings/fields`, (request) => {
    const account = accountOf(request);
    const name = queryText(request, "module");
    if (name === undefined) throw missingParameter("module");
    const module = account.module(name);
    if (!module) throw invalidModule();
    return { fields: [...module.fields.values()].map((field, index) => viewField(account, module, field, index)) };
  });
}

function isOfType({ currentUser }: ZohoAccount, user: User, type: string): boolean {
  if (type === "CurrentUser") return user === currentUser;
  if (type === "ActiveUsers") return user.status === "active";
  return type === "AllUsers" || user.status === "inactive";
}

function viewUser({ clock, orgId }: ZohoAccount, { id, firstName, lastName, email, status }: User) {
  return {
    id,
    first_name: firstName,
    last_name: lastName,
    full_name: `${firstName} ${lastName}`,
    email,
    status,
    time_zone: clock.zone,
    role: { name: "CEO", id: `${orgId}000000026005` },
    profile: { name: "Administrator", id: `${orgId}000000026011` },
  };
}

function viewField(account: ZohoAccount, module: Module, field: Field, index: number) {
  const { name, label, type, length, readOnly, required, unique, custom, values, lookup } = field;
  const idOf = (suffix: number) => `${account.orgId}${String(suffix).padStart(12, "0")}`;
  return {
    id: idOf(module.name.length * 10_000 + index),
    api_name: name,
    field_label: label,
    display_label: label,
    data_type: WIRE_TYPES[type] ?? type,
    json_type: JSON_TYPES[type] ?? "string",
    length,
    custom_field: custom,
    read_only: readOnly,
    field_read_only: readOnly,
    system_mandatory: required,
    visible: true,
    unique: unique ? { casesensitive: "false" } : {},
    lookup: lookup === null ? {} : { module: { api_name: lookup, id: idOf(2175) }, display_label: lookup },
    pick_list_values: values.map((value, place) => ({
      id: idOf(300_000 + index * 100 + place),
      display_value: value,
      actual_value: value,
      type: "used",
    })),
  };
}
