import type { Provider, ResourceAdapter } from "./contract/contract.js";
import type { AnyFieldMap } from "./contract/field-map.js";
import { RESOURCES, type ResourceName } from "./contract/model.js";
import { writableInputs } from "./mapping/write-record.js";

/** What one provider can do with one resource, read off its field map. */
export interface ResourceCapability {
  resource: ResourceName;
  operations: ("LIST" | "GET" | "CREATE" | "UPDATE" | "DELETE")[];
  filters: string[];
  orderFields: string[];
  /** Inputs that a create needs; of those joined by `|`, any one. */
  requiredInputs: string[];
  writableInputs: string[];
  /** Those of them that an existing record cannot be given. */
  createOnlyInputs: string[];
  /** Fields that can be other than null or empty. */
  fields: string[];
}

export function capabilitiesOf(provider: Provider): ResourceCapability[] {
  return RESOURCES.flatMap((resource) => {
    const adapter = provider.resources[resource] as ResourceAdapter | undefined;
    return adapter ? [capabilityOf(resource, adapter)] : [];
  });
}

function capabilityOf(resource: ResourceName, adapter: ResourceAdapter): ResourceCapability {
  const map: AnyFieldMap = adapter.map;
  const writes = (["create", "update", "delete"] as const).filter((operation) => adapter[operation]);
  const edges = new Set([...Object.keys(map.edges ?? {}), ...Object.keys(adapter.edges)]);
  return {
    resource,
    operations: [
      "LIST",
      "GET",
      ...writes.map((operation) => operation.toUpperCase() as "CREATE" | "UPDATE" | "DELETE"),
    ],
    filters: Object.keys(map.filters),
    orderFields: Object.keys(map.orders),
    requiredInputs: map.required.map((rule) => (typeof rule === "string" ? rule : rule.join("|"))),
    writableInputs: writes.length > 0 ? writableInputs(map) : [],
    createOnlyInputs: [...(map.createOnly ?? [])],
    fields: [...Object.keys(map.fields), ...(map.custom ? ["customFields"] : []), ...edges],
  };
}
