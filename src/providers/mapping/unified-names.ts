import type { AnyFieldMap } from "../contract/field-map.js";

const names = new WeakMap<object, ReadonlyMap<string, string>>();

/**
 * The unified name of what a native field holds: the input that writes it, or else the field that reads it. Undefined for a
 * field that the map neither reads nor writes, so that callers may use it by its native name.
 */
export function unifiedNameOf(map: AnyFieldMap, native: string): string | undefined {
  let ofMap = names.get(map);
  if (!ofMap) names.set(map, (ofMap = namesIn(map)));
  return ofMap.get(map.custom?.ignoresCase ? native.toLowerCase() : native);
}

function namesIn(map: AnyFieldMap): ReadonlyMap<string, string> {
  const { fields, inputs = {}, composites = [], identity, edges = {}, custom } = map;
  const entries = Object.entries(fields).flatMap(([name, entry]) => (entry ? [[name, entry] as const] : []));
  const pairs = [
    // The first one is the id itself.
    ...identity.slice(0, 1).map((native) => [native, "id"] as const),
    ...Object.entries(inputs).flatMap(([name, entry]) =>
      (entry?.native ?? []).map((native) => [native, name] as const),
    ),
    ...composites.flatMap(({ native, inputs: [name] }) => native.map((one) => [one, String(name)] as const)),
    ...entries.flatMap(([name, { write }]) => (write?.native ?? []).map((native) => [native, name] as const)),
    ...[...entries, ...Object.entries(edges)].flatMap(([name, entry]) =>
      readsOf(entry?.reads ?? []).map((native) => [native, name] as const),
    ),
    ...identity.map((native) => [native, "id"] as const),
    ...Object.entries(custom?.aliases ?? {}),
  ];
  const found = new Map<string, string>();
  for (const [native, name] of pairs) {
    if (native.startsWith("$")) continue;
    // A map that holds a part of a field, such as `name.firstName`, holds the field.
    for (const whole of [native, native.split(".")[0]!]) {
      const key = custom?.ignoresCase ? whole.toLowerCase() : whole;
      if (!found.has(key)) found.set(key, name);
    }
  }
  return found;
}

function readsOf(reads: readonly string[] | ((selects: (nested: string) => boolean) => readonly string[])) {
  return typeof reads === "function" ? reads(() => true) : reads;
}
