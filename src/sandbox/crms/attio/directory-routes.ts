import type { FastifyInstance } from "fastify";
import { queryText } from "../../kit/request.js";
import type { Attribute, ObjectType } from "./attributes.js";
import { count, objectOf, workspaceOf } from "./request.js";
import { stamp } from "./times.js";
import type { Member, Workspace } from "./workspace.js";

const CREATED_AT = stamp(Date.UTC(2025, 11, 1));
const LIST_MAX = 500;

/** Members, and the attributes of objects. */
export function addDirectoryRoutes(api: FastifyInstance): void {
  api.get("/v2/workspace_members", (request) => {
    const workspace = workspaceOf(request);
    return { data: workspace.members.map((member) => memberView(workspace, member)) };
  });
  api.get("/v2/objects/:object/attributes", (request) => {
    const workspace = workspaceOf(request);
    const object = objectOf(request);
    const start = count(queryText(request, "offset"), "offset", 0);
    const limit = count(queryText(request, "limit"), "limit", LIST_MAX, 1);
    const showsArchived = queryText(request, "show_archived") === "true";
    const shown = object.attributes.filter(({ isArchived }) => showsArchived || !isArchived);
    return {
      data: shown.slice(start, start + limit).map((attribute) => attributeView(workspace, object, attribute)),
    };
  });
}

function memberView({ workspaceId }: Workspace, member: Member): object {
  return {
    id: { workspace_id: workspaceId, workspace_member_id: member.id },
    first_name: member.firstName,
    last_name: member.lastName,
    avatar_url: null,
    email_address: member.email,
    created_at: member.createdAt,
    access_level: member.accessLevel,
  };
}

function attributeView({ workspaceId }: Workspace, object: ObjectType, attribute: Attribute): object {
  const { id, slug, title, type, isSystem, isWritable, isUnique, isMultiselect, isArchived } = attribute;
  return {
    id: { workspace_id: workspaceId, object_id: object.id, attribute_id: id },
    title,
    description: null,
    api_slug: slug,
    type,
    is_system_attribute: isSystem,
    is_writable: isWritable,
    is_required: false,
    is_unique: isUnique,
    is_multiselect: isMultiselect,
    is_default_value_enabled: false,
    is_archived: isArchived,
    default_value: null,
    relationship: null,
    created_at: CREATED_AT,
    config: {
      currency: { default_currency_code: "USD", display_type: "symbol" },
      record_reference: { allowed_object_ids: null },
    },
  };
}
