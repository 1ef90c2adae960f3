import type { PricedWrite } from "../contract/cost.js";
import type { AnyFieldMap } from "../contract/field-map.js";
import type { ResourceName } from "../contract/model.js";
import { customSelection, selectsFields, type Selection } from "../contract/selection.js";
import { nativeFields } from "../mapping/read-record.js";
import { inputEntries } from "../mapping/write-record.js";
import type { ResourceRules } from "./resource-rules.js";

/**
 * Whether the CRM's answer to a write holds everything that is selected of the record, so that the record is not read
 * afterwards. It depends on nothing but the input and the selection: the price asks it before the first call.
 */
export function answersAll<Resource extends ResourceName, Condition>(
  { map, answers, parts = {} }: Pick<ResourceRules<Resource, Condition>, "map" | "answers" | "parts">,
  write: PricedWrite<Resource>,
  select: Selection,
): boolean {
  if (!answers || !selectsFields(select)) return false;
  if (!answers.isWhole && (customSelection(select) !== null || select.has("raw"))) return false;
  const written = { mode: write.mode, writes: nativesWritten(map, write) };
  // Parts of other records take calls of their own, whatever the record is made of.
  const isHeld = (name: string) => map.identity.includes(name) || name in parts || answers.holds(name, written);
  return nativeFields(map, select).every(isHeld);
}

/** The native fields that the inputs of a write are written to. */
function nativesWritten(map: AnyFieldMap, { mode, input }: PricedWrite): ReadonlySet<string> {
  const entries = inputEntries(map);
  const natives = new Set<string>();
  for (const [name, value] of Object.entries(input) as [string, unknown][]) {
    // In a create, null is the same as nothing.
    if (value === undefined || (mode === "create" && value === null)) continue;
    const composite = map.composites?.find(({ inputs }) => inputs.includes(name));
    for (const native of (composite ?? entries.get(name))?.native ?? []) natives.add(native);
    if (name === "customFields") for (const { key } of (value ?? []) as { key: string }[]) natives.add(key);
  }
  return natives;
}
