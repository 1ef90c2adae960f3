import type { FastifyInstance } from "fastify";
import type { Field, PipedriveAccount, User } from "./account.js";
import { addRecordRoutes } from "./record-routes.js";
import { accountOf } from "./request.js";

/** Adds the v1 routes for users, labels and the fields of leads. */
export function addDirectoryRoutes(api: FastifyInstance): void {
  api.get("/users", (request) => {
    const account = accountOf(request);
    return { success: true, data: account.users.map((user) => userView(account, user)) };
  });
  api.get("/users/me", (request) => {
    const account = accountOf(request);
    const company = {
      company_id: 7_000_001,
      company_name: `Company ${account.name}`,
      company_domain: account.name,
      company_country: "EE",
    };
    return { success: true, data: { ...userView(account, account.me), is_you: true, ...company } };
  });
  api.get("/leadLabels", (request) => ({
    success: true,
    data: accountOf(request).leadLabels.map((label) => ({
      ...label,
      add_time: "2026-01-01T00:00:00.000Z",
      update_time: "2026-01-01T00:00:00.000Z",
    })),
  }));
  api.get("/leadFields", (request) => {
    const fields = accountOf(request).leadFields;
    const data = fields.map(({ code, name, type, isCustom, options }, index) => ({
      id: index + 1,
      key: code,
      name,
      field_type: type,
      edit_flag: isCustom,
      options: options ?? null,
    }));
    return { success: true, data, additional_data: { start: 0, limit: 100, more_items_in_collection: false } };
  });
}

/** Adds the v2 routes for organizations and the fields of people. */
export function addDirectoryRoutesV2(api: FastifyInstance): void {
  addRecordRoutes(api, {
    path: "/organizations",
    what: "organization",
    table: (account) => account.organizations,
    filters: { owner_id: "owner_id" },
  });
  api.get("/personFields", (request) => {
    const data = accountOf(request).personFields.map(fieldView);
    return { success: true, data, additional_data: { next_cursor: null } };
  });
}

function fieldView({ code, name, type, isCustom, options }: Field) {
  return {
    field_code: code,
    field_name: name,
    field_type: type,
    is_custom_field: isCustom,
    is_optional_response_field: false,
    options: options ?? null,
    subfields: null,
  };
}

function userView(account: PipedriveAccount, user: User) {
  return {
    ...user,
    lang: 1,
    locale: "en_US",
    timezone_name: "Europe/Tallinn",
    timezone_offset: "+02:00",
    activated: true,
    is_you: user.id === account.me.id,
    is_deleted: !user.active_flag,
  };
}
