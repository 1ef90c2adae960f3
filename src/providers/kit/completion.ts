import { CrmError } from "../../errors/crm-error.js";
import { Mismatch } from "../../upstream/answer-body.js";
import type { ProviderContext } from "../contract/contract.js";
import type { AnyFieldMap, CustomFieldDefinition, NativeRecord } from "../contract/field-map.js";
import type { ResourceName } from "../contract/model.js";
import { pathsNeeding, withUnread } from "../mapping/unread.js";
import { orFailure } from "./adapter-kit.js";
import type { Reading, ResourceRules } from "./resource-rules.js";

/**
 * Returns the function that gives records the form that the field map reads, with the parts that the reading needs. A
 * part whose call fails is marked as unread.
 */
export function completion<Resource extends ResourceName, Condition>({
  shape,
  parts = {},
}: Pick<ResourceRules<Resource, Condition>, "shape" | "parts">) {
  const loaders = Object.entries(parts);

  return async function complete(
    context: ProviderContext,
    natives: readonly NativeRecord[],
    reading: Reading,
    customFields: readonly CustomFieldDefinition[],
  ): Promise<readonly NativeRecord[]> {
    const shaped = shape ? natives.map((native) => shape(native, customFields)) : natives;
    const needed = loaders.filter(([name]) => reading.needs(name));
    if (needed.length === 0 || natives.length === 0) return shaped;
    const loaded = await Promise.all(
      needed.map(async ([name, load]) => ({ name, part: await orFailure(() => load(context, shaped, reading)) })),
    );
    return shaped.map((record) => {
      let whole = { ...record };
      for (const { name, part } of loaded) {
        const value = part instanceof CrmError ? part : orMismatch(() => part(record));
        if (value instanceof CrmError) whole = withUnread(whole, [name], value);
        else whole[name] = value;
      }
      return whole;
    });
  };
}

/** Resolves to the error if the record refers to a part in a form that nobody expects. */
function orMismatch(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Mismatch) return error.asError();
    throw error;
  }
}

/** The fields, nested fields and edges of a resource that may take a call in addition to the one that reads the record. */
export function furtherCallsOf<Resource extends ResourceName, Condition>(
  rules: Pick<ResourceRules<Resource, Condition>, "map" | "parts" | "furtherFields" | "customFields">,
): ReadonlySet<string> {
  const { fields, edges = {} }: AnyFieldMap = rules.map;
  const names = new Set([...Object.keys(rules.parts ?? {}), ...(rules.furtherFields ?? [])]);
  const entries = [...Object.entries(fields), ...Object.entries(edges)];
  const paths = entries.flatMap(([name, entry]) =>
    pathsNeeding(name, entry?.reads ?? [], (native) => (names.has(native) ? native : undefined)),
  );
  return new Set([...paths.map(([path]) => path), ...(rules.customFields ? ["customFields"] : [])]);
}
