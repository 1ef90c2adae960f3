import { invalidInput } from "../../errors/crm-error.js";
import { decodeGlobalId, wrongKind, type GlobalIdKind } from "./global-id.js";

/** Inputs and filters whose value is the id of something in the same connection, or a list of such ids. */
const KINDS: Readonly<Record<string, GlobalIdKind>> = {
  ownerId: "owner",
  contactId: "contact",
  contactIds: "contact",
  leadIds: "lead",
};

interface CompanyInput {
  id?: string | null;
  name?: string | null;
}

/**
 * Replaces the global ids in an input or a filter by native ids, which are what adapters understand. Native ids stay as
 * they are. Lists lose their duplicates.
 * @param path the argument that has the values: `input` or `filter`
 * @throws CrmError INVALID_INPUT that names every id of another kind or of another connection
 */
export function withNativeIds<Input extends object>(input: Input, connectionId: string, path: string): Input {
  const errors: Record<string, string> = {};

  function nativeId(id: string, kinds: readonly GlobalIdKind[], at: string): { kind: GlobalIdKind; nativeId: string } {
    const decoded = decodeGlobalId(id);
    if (!decoded) return { kind: kinds[0]!, nativeId: id };
    const wrong = wrongKind(decoded.kind, kinds);
    if (wrong) errors[at] = wrong;
    else if (decoded.connectionId !== connectionId)
      errors[at] = "The id belongs to another connection. Records can be linked only within one connection.";
    return decoded;
  }

  function company(given: CompanyInput, at: string): CompanyInput {
    if (!given.id) return given;
    const { id, name, ...rest } = given;
    const native = nativeId(id, ["company", "companyName"], at);
    // A company that the CRM stores only by name is written by that name.
    if (native.kind === "companyName") return { ...rest, name: name ?? native.nativeId };
    return { ...given, id: native.nativeId };
  }

  function converted(name: string, value: unknown): unknown {
    const at = `${path}.${name}`;
    if (name === "company" && value) return company(value, `${at}.id`);
    const kind = KINDS[name];
    if (!kind) return value;
    if (typeof value === "string") return nativeId(value, [kind], at).nativeId;
    if (!Array.isArray(value)) return value;
    return [...new Set((value as string[]).map((id, index) => nativeId(id, [kind], `${at}.${index}`).nativeId))];
  }

  const native = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, converted(name, value)]));
  if (Object.keys(errors).length > 0) throw invalidInput(errors);
  return native as Input;
}

/** A filter that is null filters nothing, so it must not make another listing: cursors would not fit it. */
export function withoutNulls<Filter extends object>(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)) as Filter;
}
