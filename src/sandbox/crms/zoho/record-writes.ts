import { textOf } from "../../kit/json.js";
import type { Module, Row, ZohoAccount } from "./account.js";
import { fieldFault, RecordFault, UNKNOWN_ID } from "./errors.js";
import { nameOf } from "./record-view.js";
import { storedValue, wholeDays } from "./written-values.js";

const HOUR = 60 * 60 * 1000;

export type Body = Readonly<Record<string, unknown>>;

export interface Written {
  row: Row;
  message: string;
}

/** @throws RecordFault */
export function createRecord(account: ZohoAccount, module: Module, body: Body): Written {
  const { values, relatedModule } = mergedValues(account, module, null, body);
  const now = account.now();
  const row: Row = {
    id: account.takeId(),
    values: { Owner: account.currentUser.id, ...values },
    relatedModule,
    cancelled: false,
    createdAt: now - (now % 1000),
    modifiedAt: now - (now % 1000),
  };
  module.table.set(row.id, row);
  return { row, message: "record added" };
}

/** @throws RecordFault */
export function updateRecord(account: ZohoAccount, module: Module, id: string, body: Body): Written {
  const current = liveRow(module, id);
  const now = account.now();
  const merged = mergedValues(account, module, current, body);
  const row: Row = { ...current, ...merged, modifiedAt: now - (now % 1000) };
  module.table.set(id, row);
  return { row, message: "record updated" };
}

/** @throws RecordFault */
export function deleteRecord(module: Module, id: string): Written {
  const row = liveRow(module, id);
  module.table.set(id, null);
  return { row, message: "record deleted" };
}

export function liveRow({ table }: Module, id: string): Row {
  const row = table.get(id);
  if (!row) throw new RecordFault("INVALID_DATA", UNKNOWN_ID);
  return row;
}

/** Returns the values after a write. Ignores unknown and read-only fields. */
function mergedValues(account: ZohoAccount, module: Module, current: Row | null, body: Body) {
  const values: Record<string, unknown> = { ...current?.values };
  const given = body["$se_module"];
  const relatedModule = typeof given === "string" ? given : (current?.relatedModule ?? null);
  for (const [name, value] of Object.entries(body)) {
    const field = module.fields.get(name);
    if (!field || field.readOnly) continue;
    const stored = storedValue(account, field, value, relatedModule);
    if (stored === undefined) delete values[name];
    else values[name] = stored;
    if (name === "Owner" && stored === undefined) values[name] = account.currentUser.id;
  }
  if (module.name === "Events" && values["End_DateTime"] === undefined) {
    values["End_DateTime"] = Number(values["Start_DateTime"]) + HOUR;
  }
  refuseIncomplete(module, values);
  refuseDuplicate(module, current, values);
  return {
    values: wholeDays(account, values),
    relatedModule: values["What_Id"] === undefined ? null : relatedModule,
  };
}

function refuseIncomplete({ fields }: Module, values: Body): void {
  const missing = [...fields.values()].find(({ name, required }) => required && values[name] === undefined);
  if (missing) throw fieldFault("MANDATORY_NOT_FOUND", "required field not found", missing.name);
}

function refuseDuplicate(module: Module, current: Row | null, values: Body): void {
  for (const { name, unique } of module.fields.values()) {
    const value = values[name];
    if (!unique || typeof value !== "string" || current?.values[name] === value) continue;
    const same = module.table
      .all()
      .find((row) => row.id !== current?.id && textOf(row.values[name] ?? "").toLowerCase() === value.toLowerCase());
    if (!same) continue;
    throw fieldFault("DUPLICATE_DATA", "duplicate data", name, duplicateOf(module, same));
  }
}

/**
 * Makes the details of a duplicate. Older versions send only the id of the existing record. Newer versions also send
 * its name and module.
 */
function duplicateOf(module: Module, row: Row): Record<string, unknown> {
  if (module.name !== "Contacts") return { id: row.id };
  const names = { Owner: { id: row.values["Owner"] }, name: nameOf(row) };
  return { duplicate_record: { id: row.id, ...names, module: { api_name: module.name, id: "2179" } } };
}
