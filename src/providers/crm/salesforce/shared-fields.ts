import type { FieldEntry, NativeRecord } from "../../contract/field-map.js";
import type { OwnerRef } from "../../contract/model.js";
import { readDateTime, readText } from "../../mapping/json-dialect.js";
import { kit } from "./dialect.js";

/** The user (or queue) a record belongs to, with name and e-mail address from the same query where they are selected. */
export const owner: FieldEntry<OwnerRef | null> = {
  reads: (selects) => [
    "OwnerId",
    ...(selects("name") ? ["Owner.Name"] : []),
    ...(selects("email") ? ["Owner.Email"] : []),
  ],
  read(native) {
    const id = readText(native["OwnerId"]);
    if (id === null) return null;
    const found = related(native, "Owner");
    return {
      id,
      ...(found && "Name" in found ? { name: readText(found["Name"]) } : {}),
      ...(found && "Email" in found ? { email: readText(found["Email"]) } : {}),
    };
  },
};

/** The columns of a related record; undefined when they were not asked for, or there is none. */
export function related(native: NativeRecord, relation: string): NativeRecord | undefined {
  return (native[relation] as NativeRecord | null | undefined) ?? undefined;
}

export const ownerInput = kit.input<string>("OwnerId");

/** SystemModstamp also moves when Salesforce itself changes a record, and it is the one that is indexed. */
export const stamps = {
  createdAt: kit.readOnlyDateTime("CreatedDate"),
  updatedAt: kit.readOnlyDateTime("SystemModstamp"),
};

export const STAMP_ORDERS = { CREATED_AT: "CreatedDate", UPDATED_AT: "SystemModstamp" };

export const lastActivityAt: FieldEntry<string | null> = {
  reads: ["LastActivityDate"],
  read: (native) => readDateTime(native["LastActivityDate"]),
  note: "Salesforce keeps the day only: its UTC midnight.",
};

/** Salesforce sends the address of a bare id on to the record's page. */
export const url: FieldEntry<string | null> = {
  reads: ["Id"],
  read: (native, { origin }) => `${origin}/${String(native["Id"])}`,
};
