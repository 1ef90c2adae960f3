import type {
  AnyFieldMap,
  EdgeEntry,
  FieldEntry,
  FieldMap,
  NativeRecord,
  ReadContext,
  Reads,
} from "../contract/field-map.js";
import type { CustomField, ResourceName, UnifiedRecord } from "../contract/model.js";
import type { Selection } from "../contract/selection.js";

/** Fields and edges of one map that one selection needs. Kept as long as the selection lives. */
interface ReadPlan {
  native: readonly string[];
  fields: readonly (readonly [string, FieldEntry<unknown>])[];
  edges: readonly (readonly [string, EdgeEntry])[];
}

const plans = new WeakMap<Selection, WeakMap<object, ReadPlan>>();

/** Native fields that a selection needs, each once. `raw` needs every field of the map. */
export function nativeFields(map: AnyFieldMap, select: Selection): readonly string[] {
  return planOf(map, select).native;
}

/** Turns a native record into the selected unified fields. */
export function readRecord<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  nativeId: string,
  native: NativeRecord,
  select: Selection,
  context: ReadContext,
): UnifiedRecord<Resource> {
  const plan = planOf(map, select);
  const fields: Record<string, unknown> = {};
  for (const [name, entry] of plan.fields) fields[name] = entry.read(native, context);
  if (map.custom && select.has("customFields")) fields["customFields"] = readCustomFields(map, native, context);
  const links: Record<string, readonly string[]> = {};
  for (const [name, entry] of plan.edges) {
    const ids = entry.read(native);
    if (ids) links[name] = ids;
  }
  return {
    nativeId,
    fields: fields as UnifiedRecord<Resource>["fields"],
    links: links,
    raw: native,
  };
}

function planOf(map: AnyFieldMap, select: Selection): ReadPlan {
  let byMap = plans.get(select);
  if (!byMap) plans.set(select, (byMap = new WeakMap()));
  let plan = byMap.get(map);
  if (!plan) byMap.set(map, (plan = makePlan(map, select)));
  return plan;
}

function makePlan(map: AnyFieldMap, select: Selection): ReadPlan {
  const everything = select.has("raw");
  const native = new Set<string>(map.identity);
  const need = <Entry extends { reads: Reads }>(entries: readonly (readonly [string, Entry])[]) => {
    for (const [name, { reads }] of entries) {
      const names =
        typeof reads === "function" ? reads((nested) => everything || select.has(`${name}.${nested}`)) : reads;
      // Parts that are read separately (`$name`) are not in the raw record, so `raw` alone does not need them.
      for (const field of names) if (!field.startsWith("$") || select.has(name)) native.add(field);
    }
  };
  const selected = ([name]: readonly [string, unknown]) => select.has(name);
  const fields = entriesOf(map.fields).filter(([, entry]) => !entry.linked);
  const edges = entriesOf(map.edges ?? {});
  need(everything ? fields : fields.filter(selected));
  need(everything ? edges : edges.filter(selected));
  return { native: [...native], fields: fields.filter(selected), edges: edges.filter(selected) };
}

function entriesOf<Entry>(entries: Readonly<Record<string, Entry | undefined>>): [string, Entry][] {
  return Object.entries(entries).filter((entry): entry is [string, Entry] => entry[1] !== undefined);
}

function readCustomFields(map: AnyFieldMap, native: NativeRecord, { customFields }: ReadContext): CustomField[] {
  return customFields.map(({ key, label, type }) => ({ key, label, type, value: map.custom!.read(native[key], type) }));
}
