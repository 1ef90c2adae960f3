import { columnsOfFilter, EVERY_COLUMN, type Columns } from "./contract/columns.js";
import type { Provider, ProviderContext, ResourceAdapter } from "./contract/contract.js";
import type { AnyFieldMap, FieldEntry } from "./contract/field-map.js";
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
    return adapter ? [capabilityOf(resource, adapter, EVERY_COLUMN)] : [];
  });
}

/**
 * What one account can do: without the filters, orders, inputs and fields whose columns it lacks.
 * @throws CrmError if the CRM does not answer the look-up of the columns
 */
export async function capabilitiesIn(provider: Provider, context: ProviderContext): Promise<ResourceCapability[]> {
  const found = RESOURCES.map(async (resource) => {
    const adapter = provider.resources[resource] as ResourceAdapter | undefined;
    return adapter ? [capabilityOf(resource, adapter, (await adapter.columns?.(context)) ?? EVERY_COLUMN)] : [];
  });
  return (await Promise.all(found)).flat();
}

function capabilityOf(resource: ResourceName, adapter: ResourceAdapter, columns: Columns): ResourceCapability {
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
    filters: namesIn(map.filters, (filter) => {
      const over = columnsOfFilter(filter);
      return over === null || over.some((column) => columns.has(column));
    }),
    orderFields: namesIn(map.orders, (native) => columns.has(native)),
    requiredInputs: map.required.map((rule) => (typeof rule === "string" ? rule : rule.join("|"))),
    writableInputs: writes.length > 0 ? writableInputs(map, (native) => columns.isWritable(native)) : [],
    createOnlyInputs: [...(map.createOnly ?? [])],
    fields: [
      ...namesIn(map.fields, (entry) => isReadable(entry, columns)),
      ...(map.custom ? ["customFields"] : []),
      ...edges,
    ],
  };
}

/** The names of the entries that pass. */
function namesIn<Entry>(
  entries: Readonly<Record<string, Entry | undefined>>,
  passes: (entry: Entry) => boolean,
): string[] {
  return Object.entries(entries).flatMap(([name, entry]) => (entry !== undefined && passes(entry) ? name : []));
}

/** Whether one of the columns that a field reads is there. Parts of other records (`$name`) always count as such. */
function isReadable({ reads }: FieldEntry<unknown>, columns: Columns): boolean {
  const names = typeof reads === "function" ? reads(() => false) : reads;
  return names.length === 0 || names.some((name) => name.startsWith("$") || columns.has(name));
}
