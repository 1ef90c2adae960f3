import type { AnyFieldMap } from "../../../src/providers/contract/field-map.js";

/**
 * Whether a field or edge may be read from a member of an answer. Native names can have points (`name.firstName`) or be
 * pieces of a query, and a name may be that of an object around the member.
 */
export function readsFrom(map: AnyFieldMap, member: string): (name: string) => boolean {
  // Dataverse sends what it shows for a column under the column's name and an annotation: `_ownerid_value@…`.
  const parts = new Set(member.split("@")[0]!.split("."));
  return (name) => {
    if (name === "customFields") return true;
    const entry = map.fields[name] ?? map.edges?.[name];
    if (!entry) return false;
    const natives = typeof entry.reads === "function" ? entry.reads(() => true) : entry.reads;
    // What begins with `$` comes from further calls, whose answers have names of their own.
    return natives.some((native) => native.startsWith("$") || native.split(/[^\w$]+/).some((part) => parts.has(part)));
  };
}
