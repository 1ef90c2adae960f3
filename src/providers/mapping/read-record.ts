import { CrmError } from "../../errors/crm-error.js";
import { Mismatch } from "../../upstream/answer-body.js";
import type {
  AnyFieldMap,
  CustomFieldDefinition,
  EdgeEntry,
  FieldEntry,
  FieldMap,
  NativeRecord,
  ReadContext,
  Reads,
} from "../contract/field-map.js";
import type { CustomField, ResourceName, UnifiedRecord } from "../contract/model.js";
import { customSelection, type Selection } from "../contract/selection.js";
import { pathsNeeding, unreadOf } from "./unread.js";

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

/**
 * Turns a native record into the selected unified fields. Fields that could not be read stand in `failures`.
 * @param raw the record as the CRM sent it, if more was added to it since
 */
export function readRecord<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  nativeId: string,
  native: NativeRecord,
  select: Selection,
  context: ReadContext,
  raw: NativeRecord = native,
): UnifiedRecord<Resource> {
  const plan = planOf(map, select);
  let failures = failuresOf(plan, native, select, context);
  const fields: Record<string, unknown> = {};
  for (const [name, entry] of plan.fields) {
    if (failures?.[name]) continue;
    try {
      fields[name] = entry.read(native, context);
    } catch (error) {
      failures = { ...failures, [name]: unreadable(error) };
    }
  }
  if (map.custom && customSelection(select) && !(context.customFields instanceof CrmError))
    fields["customFields"] = readCustomFields(map, native, context.customFields);
  const links: Record<string, readonly string[]> = {};
  for (const [name, entry] of plan.edges) {
    if (failures?.[name]) continue;
    try {
      const ids = entry.read(native);
      if (ids) links[name] = ids;
    } catch (error) {
      failures = { ...failures, [name]: unreadable(error) };
    }
  }
  const record = { nativeId, fields: fields as UnifiedRecord<Resource>["fields"], links, raw };
  return failures ? { ...record, failures } : record;
}

/** A value of another form fails its own field only. */
function unreadable(error: unknown): CrmError {
  if (error instanceof Mismatch) return error.asError();
  throw error;
}

/** Returns the paths that failed, with their errors; undefined if everything was read, which is the usual case. */
function failuresOf(
  { fields, edges }: ReadPlan,
  native: NativeRecord,
  select: Selection,
  { customFields }: ReadContext,
): Record<string, CrmError> | undefined {
  const unread = unreadOf(native);
  const withoutDefinitions = customFields instanceof CrmError && customSelection(select) !== null;
  if (!unread && !withoutDefinitions) return undefined;
  const failed = [...fields, ...edges].flatMap(([name, { reads }]) =>
    pathsNeeding(name, reads, (one) => unread?.[one]),
  );
  return { ...Object.fromEntries(failed), ...(withoutDefinitions && { customFields }) };
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

/** The value of a field that could not be read is the error. graphql-js throws it for that value alone. */
function readCustomFields(
  map: AnyFieldMap,
  native: NativeRecord,
  definitions: readonly CustomFieldDefinition[],
): CustomField[] {
  const unread = unreadOf(native);
  return definitions.map(({ key, label, type, isStandard, optionLabels }) => {
    const value = unread?.[key] ?? map.custom!.read(native[key], type);
    return {
      key,
      label,
      type,
      value,
      ...(isStandard && { isStandard }),
      ...(optionLabels && { optionLabels: labelsOf(value, optionLabels) }),
      ...(!optionLabels && ownLabel(map, native[key])),
    };
  });
}

function ownLabel({ custom }: AnyFieldMap, value: unknown): { optionLabels?: readonly string[] } {
  const label = custom?.labelOf?.(value) ?? null;
  return label === null ? {} : { optionLabels: [label] };
}

/** The labels of a value's options. An option that the CRM no longer has keeps its value. */
function labelsOf(value: unknown, labels: ReadonlyMap<string, string>): string[] {
  if (value === null || value === undefined || value instanceof CrmError) return [];
  return (Array.isArray(value) ? value : [value]).map((one) => labels.get(String(one)) ?? String(one));
}
