import type { FastifyInstance } from "fastify";
import type { CloseAccount, CloseUser } from "./account.js";
import { customFieldsOf, type CustomField, type CustomFieldOwner } from "./custom-fields.js";
import { accountOf, fieldsOf, pageOf, queryOf } from "./request.js";
import { selected, type Wire } from "./views.js";

/** Adds the users, the lead statuses and the custom fields of the organization. */
export function addDirectoryRoutes(app: FastifyInstance): void {
  app.get("/api/v1/me/", (request) => {
    const account = accountOf(request);
    const organizations = [{ id: account.organizationId, name: organizationName(account) }];
    return { ...userView(account, account.users[0]!), organizations };
  });
  app.get("/api/v1/user/", (request) => {
    const account = accountOf(request);
    const parameters = queryOf(request);
    const { rows, hasMore } = pageOf(account.users, parameters);
    const fields = fieldsOf(parameters);
    return { data: rows.map((user) => selected(userView(account, user), fields)), has_more: hasMore };
  });
  app.get("/api/v1/status/lead/", (request) => {
    const { statuses, organizationId } = accountOf(request);
    return { data: statuses.map((status) => ({ ...status, organization_id: organizationId })) };
  });
  for (const owner of ["contact", "lead"] as const satisfies readonly CustomFieldOwner[]) {
    app.get(`/api/v1/custom_field_schema/${owner}/`, () => ({ fields: customFieldsOf(owner).map(fieldView) }));
  }
}

function organizationName({ name }: CloseAccount): string {
  return `Sandbox ${name}`;
}

function userView({ organizationId }: CloseAccount, user: CloseUser): Wire {
  return {
    id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    image: null,
    organizations: [organizationId],
  };
}

function fieldView({ id, name, type, choices, acceptsMultipleValues = false }: CustomField): Wire {
  return { id, name, type, accepts_multiple_values: acceptsMultipleValues, ...(choices ? { choices } : {}) };
}
