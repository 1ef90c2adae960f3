import type { ProviderContext } from "../contract/contract.js";
import type { AnyFieldMap, CustomFieldDefinition } from "../contract/field-map.js";
import { customSelection, type Selection } from "../contract/selection.js";
import { unifiedNameOf } from "../mapping/unified-names.js";

type Definitions = readonly CustomFieldDefinition[];

/**
 * The fields of a CRM that `customFields` offers: those that the account has added, and the CRM's own that the map leaves
 * out. Definitions are remembered by the account, so each list is looked through once.
 */
export function offeredFields(map: AnyFieldMap, load: (context: ProviderContext) => Promise<Definitions>) {
  const offered = new WeakMap<Definitions, Definitions>();
  return async (context: ProviderContext): Promise<Definitions> => {
    const all = await load(context);
    let found = offered.get(all);
    if (!found) {
      found = all.filter(({ key }) => map.custom?.isKey(key) === true && unifiedNameOf(map, key) === undefined);
      offered.set(all, found);
    }
    return found;
  };
}

/** The definitions of the fields that are selected: those that the account has added, and those that are named. */
export function selectedFields(definitions: Definitions, select: Selection): Definitions {
  const { own, keys } = customSelection(select) ?? { own: false, keys: new Set<string>() };
  return definitions.filter(({ key, isStandard }) => (own && !isStandard) || keys.has(key));
}
