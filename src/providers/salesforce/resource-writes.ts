import { CrmError } from "../../errors/crm-error.js";
import { notFound, writing } from "../adapter-kit.js";
import type { ProviderContext, ResourceAdapter } from "../contract.js";
import type { FieldMap, NativeRecord } from "../field-map.js";
import type { ResourceName } from "../model.js";
import { toNative } from "../write-record.js";
import { longId } from "./ids.js";
import { OBJECTS } from "./objects.js";
import { DATA_PATH } from "./rest.js";

/**
 * The writes of one Salesforce object, each a single call.
 * Source: developer.salesforce.com, REST API, "sObject Basic Information" and "sObject Rows".
 */
export function resourceWrites<Resource extends ResourceName>(
  map: FieldMap<Resource>,
): Required<Pick<ResourceAdapter<Resource>, "create" | "update" | "delete">> {
  return {
    create: async (context, input) => {
      const native = toNative(map, input, "create");
      return writing(map, () => insert(context, map.resource, native));
    },
    update: async (context, id, input) => {
      const native = toNative(map, input, "update");
      return writing(map, () => patch(context, map.resource, id, native));
    },
    delete: (context, id) =>
      writing(map, async () => {
        await context.send({ method: "DELETE", path: rowPath(map.resource, id), safe: false });
      }),
  };
}

/** Resolves to the new record's id; the answer has nothing else of the record. */
export async function insert(context: ProviderContext, resource: ResourceName, native: NativeRecord): Promise<string> {
  const { body } = await context.send({
    method: "POST",
    path: `${DATA_PATH}/sobjects/${OBJECTS[resource].name}`,
    // A new record has nothing to clear, and a null would keep Salesforce from filling in its defaults.
    json: Object.fromEntries(Object.entries(native).filter(([, value]) => value !== null)),
    safe: false,
  });
  const { id } = (body ?? {}) as { id?: unknown };
  if (typeof id === "string") return id;
  throw new CrmError("PROVIDER_ERROR", { detail: "Salesforce did not name the new record.", outcome: "UNKNOWN" });
}

export async function patch(
  context: ProviderContext,
  resource: ResourceName,
  id: string,
  native: NativeRecord,
): Promise<void> {
  await context.send({ method: "PATCH", path: rowPath(resource, id), json: native, safe: false });
}

/** @throws CrmError with the resource's NOT_FOUND code for text that is no id of such a record */
function rowPath(resource: ResourceName, id: string): string {
  const { name, keyPrefix } = OBJECTS[resource];
  const long = longId(id, keyPrefix);
  if (long === null) throw notFound(resource);
  return `${DATA_PATH}/sobjects/${name}/${long}`;
}
