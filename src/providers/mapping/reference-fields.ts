import { FieldProblem, type InputEntry } from "../contract/field-map.js";
import type { CompanyInput } from "../contract/input.js";
import type { ValueDialect } from "./value-dialect.js";

/** Inputs that refer to other records by their ids. */
export function referenceInputs({ providerName, cleared, isId }: ValueDialect) {
  /** @throws FieldProblem if no record can have the id, at the path */
  function assertId(id: string, path = ""): void {
    if (!isId(id)) throw new FieldProblem(`Expected the id of a ${providerName} record.`, path);
  }

  /** One record. @param write turns the id into the native value, e.g. `Number` */
  function reference(native: string, write: (id: string) => unknown = (id) => id): InputEntry {
    return {
      native: [native],
      toNative(id: string | null) {
        if (id === null) return { [native]: cleared };
        assertId(id);
        return { [native]: write(id) };
      },
    };
  }

  /** A list of records. */
  function references(native: string, write: (ids: readonly string[]) => unknown = (ids) => ids): InputEntry {
    return {
      native: [native],
      toNative(ids: readonly string[] | null) {
        for (const [index, id] of (ids ?? []).entries()) assertId(id, String(index));
        return { [native]: write(ids ?? []) };
      },
    };
  }

  /** The owner, in a CRM whose records always have an owner. */
  function requiredOwner(native: string, write?: (id: string) => unknown): InputEntry {
    const owner = reference(native, write);
    return {
      ...owner,
      toNative(id: string | null) {
        if (id === null) throw new FieldProblem(`${providerName} needs an owner for every record. Give ownerId.`);
        return owner.toNative(id as never);
      },
    };
  }

  /** A company that is a separate record, so that it is written by its id. @param byId writes the id, or null */
  function companyInput(byId: InputEntry): InputEntry {
    return {
      ...byId,
      toNative(company: CompanyInput | null) {
        const id = company?.id || null;
        if (id !== null) assertId(id, "id");
        else if (company?.name) {
          throw new FieldProblem(
            `${providerName} links a contact to a company record. Give the company’s id, not its name.`,
            "name",
          );
        }
        return byId.toNative(id as never);
      },
    };
  }

  return { assertId, reference, references, requiredOwner, companyInput };
}
