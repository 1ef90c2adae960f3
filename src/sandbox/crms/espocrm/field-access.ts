import { isNarrow } from "../../kit/account-kinds.js";
import type { Caller, Database } from "./database.js";
import { attributesOf, fieldsOf, type EntityType } from "./entity-defs.js";

/** What a role allows with one field. */
interface FieldRule {
  readonly read: "yes" | "no";
  readonly edit: "yes" | "no";
}

const HIDDEN: FieldRule = { read: "no", edit: "no" };

/** The fields that the role of the API user of a narrow account does not allow. Administrators have no role. */
const NARROW: Readonly<Partial<Record<EntityType, Readonly<Record<string, FieldRule>>>>> = {
  Contact: { phoneNumber: HIDDEN },
  Lead: { emailAddress: HIDDEN, accountName: HIDDEN },
};

/** The part of the user's ACL that has rules of fields. */
export function fieldTableOf(database: Database, caller: Caller): typeof NARROW {
  return isNarrow(database.name) && !caller.isAdmin ? NARROW : {};
}

/** The attributes of an entity that the caller may not read. */
export function hiddenAttributes(database: Database, caller: Caller, entity: EntityType): ReadonlySet<string> {
  const rules = Object.entries(fieldTableOf(database, caller)[entity] ?? {});
  const hidden = rules.filter(([, { read }]) => read === "no").map(([field]) => field);
  return new Set(hidden.flatMap((field) => attributesOf(field, fieldsOf(entity, database)[field]!)));
}
