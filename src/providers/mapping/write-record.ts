import { CrmError, invalidInput } from "../../errors/crm-error.js";
import {
  FieldProblem,
  type AnyFieldMap,
  type CompositeInput,
  type FieldMap,
  type InputEntry,
  type NativeRecord,
  type WriteMode,
} from "../contract/field-map.js";
import type { CustomFieldInput, ResourceInputs } from "../contract/input.js";
import type { ResourceName } from "../contract/model.js";
import { unifiedNameOf } from "./unified-names.js";

type AnyInput = Record<string, unknown>;

/**
 * Turns an input into the native fields to write. All faults are found before any call.
 * @throws CrmError MISSING_REQUIRED naming every missing field; INVALID_INPUT naming every field that the CRM cannot
 *   store
 */
export function toNative<Resource extends ResourceName>(
  map: FieldMap<Resource>,
  input: ResourceInputs[Resource],
  mode: WriteMode,
): NativeRecord {
  const composites: readonly CompositeInput<never>[] = map.composites ?? [];
  const given = input as AnyInput;
  requireInputs(map, given, mode);
  refuseNul(given);
  const entries = inputEntries(map);
  const composed = new Set<string>(composites.flatMap((composite) => composite.inputs));
  const refused = new Set(mode === "update" ? map.createOnly?.filter((name) => given[name] !== undefined) : []);
  const errors: Record<string, string> = {};
  const native: NativeRecord = {};
  const collect = (name: string, write: () => NativeRecord) => {
    try {
      Object.assign(native, write());
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      errors[inputPath(error.input ?? name, error.path)] = error.message;
    }
  };

  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (refused.has(name)) {
      errors[inputPath(name)] =
        `${map.providerName} accepts this field only when a ${map.resource} is created. Omit it from the update.`;
      continue;
    }
    if (composed.has(name)) continue;
    if (name === "customFields") {
      collect(name, () => customFieldsToNative(map, (value ?? []) as CustomFieldInput[]));
      continue;
    }
    const entry = entries.get(name);
    if (entry) collect(name, () => entry.toNative(blankToNull(value) as never));
    // Clearing a field that the CRM does not have changes nothing, so it is no error.
    else if (!isEmpty(value))
      errors[inputPath(name)] = `${map.providerName} does not store this field of a ${map.resource}. Omit it.`;
  }
  for (const composite of composites) {
    // A refused input already has its error.
    if (composite.inputs.some((name) => refused.has(name))) continue;
    const first = composite.inputs.find((name) => given[name] !== undefined);
    if (first) collect(first, () => composite.toNative(input as never, mode));
  }
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return native;
}

/**
 * Returns the names of the inputs that a CRM can store.
 * @param isWritable whether an account has a native field; an input needs one of its native fields
 */
export function writableInputs(map: AnyFieldMap, isWritable: (native: string) => boolean = () => true): string[] {
  const isThere = ({ native }: { native: readonly string[] }) => native.length === 0 || native.some(isWritable);
  const names = new Set([
    ...[...inputEntries(map)].flatMap(([name, entry]) => (isThere(entry) ? name : [])),
    ...(map.composites ?? []).filter(isThere).flatMap((composite) => composite.inputs as string[]),
  ]);
  if (map.custom) names.add("customFields");
  return [...names];
}

/**
 * Replaces the native names of an error by the names of inputs. Native fields to which no input is written keep their
 * names, marked as native.
 */
export function withUnifiedNames(map: AnyFieldMap, error: unknown): unknown {
  if (!(error instanceof CrmError) || !error.details.errors) return error;
  const byNative = new Map<string, string>();
  for (const [name, entry] of inputEntries(map)) for (const native of entry.native) byNative.set(native, name);
  for (const composite of map.composites ?? []) {
    for (const native of composite.native) byNative.set(native, composite.inputs[0] as string);
  }
  const errors: Record<string, string> = {};
  for (const [native, message] of Object.entries(error.details.errors)) {
    const name = byNative.get(native);
    // The adapter's own checks already name inputs.
    if (native.startsWith("input.")) errors[native] = message;
    else if (name) errors[inputPath(name)] = message;
    else if (map.custom?.isKey(native) && unifiedNameOf(map, native) === undefined)
      errors[inputPath("customFields", native)] = message;
    else errors[`native:${native}`] = message;
  }
  return new CrmError(error.code, { ...error.details, errors });
}

/** Returns the path of a part of an input, as the caller sees it in `errors`. */
export function inputPath(name: string, path = ""): string {
  return path === "" ? `input.${name}` : `input.${name}.${path}`;
}

/** The entries of inputs that are written alone, by the name of the input. */
export function inputEntries(map: AnyFieldMap): Map<string, InputEntry> {
  const entries = new Map<string, InputEntry>();
  for (const [name, entry] of Object.entries(map.fields)) if (entry?.write) entries.set(name, entry.write);
  for (const [name, entry] of Object.entries(map.inputs ?? {})) if (entry) entries.set(name, entry);
  return entries;
}

/** A create must have the required inputs. An update must not clear them. */
function requireInputs(map: AnyFieldMap, given: AnyInput, mode: WriteMode): void {
  const errors: Record<string, string> = {};
  for (const rule of map.required) {
    const names = typeof rule === "string" ? [rule] : rule;
    if (names.some((name) => !isEmpty(given[name]))) continue;
    if (mode === "update" && names.some((name) => given[name] === undefined)) continue;
    const what = `${map.providerName} needs this field in every ${map.resource}.`;
    const anyOf = `${map.providerName} needs at least one of ${names.join(", ")} in every ${map.resource}.`;
    for (const name of names) errors[inputPath(name)] = names.length === 1 ? what : anyOf;
  }
  if (Object.keys(errors).length > 0) throw new CrmError("MISSING_REQUIRED", { errors });
}

/** No CRM stores NUL: databases refuse it, or cut the text there. @throws CrmError INVALID_INPUT naming every such text */
function refuseNul(given: AnyInput): void {
  const errors: Record<string, string> = {};
  const look = (path: string, value: unknown): void => {
    if (typeof value === "string") {
      if (value.includes("\0")) errors[path] = "Texts must not contain NUL characters. Remove them.";
    } else if (typeof value === "object" && value !== null && !(value instanceof Date))
      for (const [name, part] of Object.entries(value)) look(`${path}.${name}`, part);
  };
  for (const [name, value] of Object.entries(given)) look(inputPath(name), value);
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
}

function customFieldsToNative(map: AnyFieldMap, fields: readonly CustomFieldInput[]): NativeRecord {
  const native: NativeRecord = {};
  for (const [index, { key, value }] of fields.entries()) {
    if (!map.custom)
      throw new FieldProblem(`${map.providerName} has no custom fields for a ${map.resource}. Omit customFields.`);
    const ours = unifiedNameOf(map, key);
    if (ours !== undefined) throw new FieldProblem(useInstead(map, key, ours), `${index}.key`);
    if (!map.custom.isKey(key))
      throw new FieldProblem(`Expected the key of a custom field, got ${key}.`, `${index}.key`);
    native[key] = map.custom.write(blankToNull(value ?? null));
  }
  return native;
}

/** A field of the model has one way in, so that two inputs never disagree about its value. */
function useInstead(map: AnyFieldMap, key: string, ours: string): string {
  const advice = writableInputs(map).includes(ours) ? `Use ${ours}.` : "It cannot be written.";
  return `${map.providerName}’s field ${key} is ${ours} in crmesh. ${advice}`;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

/** Treats an empty text as null, because CRMs treat empty texts differently. */
function blankToNull(value: unknown): unknown {
  return value === "" ? null : value;
}
