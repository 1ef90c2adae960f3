import { isNumber } from "../../kit/exact-number.js";
import { textOf } from "../../kit/json.js";
import type { Participant, Row, ZohoAccount } from "./account.js";
import { fieldFault, type RecordFault } from "./errors.js";
import type { Field, ModuleName } from "./fields.js";
import { readInstant } from "./times.js";

/** Digits of a decimal number, those behind the point among them. Source: help.zoho.com, "Custom Fields". */
const DIGITS_MAX = 16;
const EMAIL = /^[^\s@"<>]+@[^\s@"<>]+$/;
const PARTICIPANT_MODULES = { contact: "Contacts", lead: "Leads" } as const;

const invalid = ({ name }: Field, expected: Record<string, unknown> = {}) =>
  fieldFault("INVALID_DATA", "invalid data", name, expected);

/**
 * Converts a written value to its stored form. Undefined clears the field.
 * @param relatedModule the module of `What_Id`
 * @throws RecordFault
 */
export function storedValue(account: ZohoAccount, field: Field, value: unknown, relatedModule: string | null): unknown {
  if (value === null || value === "") return undefined;
  switch (field.type) {
    case "email":
      if (typeof value !== "string" || !EMAIL.test(value)) throw invalid(field, { expected_data_type: "email" });
      return withinLength(field, value);
    case "text":
    case "textarea":
    case "phone":
    case "website":
    case "picklist":
      if (typeof value !== "string") throw invalid(field, { expected_data_type: "text" });
      return withinLength(field, value);
    case "boolean":
      if (typeof value !== "boolean") throw invalid(field, { expected_data_type: "boolean" });
      return value;
    case "integer":
    case "double":
    case "currency":
      if (!isNumber(value)) throw invalid(field, { expected_data_type: "double" });
      if (String(value).replace(/\D/g, "").length > DIGITS_MAX) throw invalid(field, { maximum_length: DIGITS_MAX });
      return value;
    case "date":
      if (!/^\d{4}-\d\d-\d\d$/.test(textOf(value))) throw invalid(field, { expected_data_type: "date" });
      return value;
    case "datetime": {
      const instant = readInstant(value);
      if (instant === null) throw invalid(field, { expected_data_type: "datetime" });
      return instant;
    }
    case "multiselectpicklist":
      if (!Array.isArray(value)) throw invalid(field, { expected_data_type: "jsonarray" });
      return value.length === 0 ? undefined : value;
    case "ownerlookup":
      return activeUser(account, field, value);
    case "lookup":
      return linkedId(account, field, value, (field.lookup ?? relatedModule) as ModuleName | null);
    case "tags":
      return tagNames(field, value);
    case "participants":
      return participants(account, field, value);
    case "bigint":
      // The id is nobody's to write. A long integer has up to 18 digits, as a text.
      if (!field.custom) return undefined;
      if (!/^-?\d{1,18}$/.test(textOf(value))) throw invalid(field, { expected_data_type: "bigint" });
      return textOf(value);
  }
}

function withinLength(field: Field, value: string): string {
  if (field.length !== null && [...value].length > field.length) {
    throw invalid(field, { maximum_length: field.length });
  }
  return value;
}

/** Reads the id of a written lookup, which is an object. Zoho has also accepted an id alone. */
function idIn(value: unknown): string {
  const id = typeof value === "object" && value !== null ? (value as { id?: unknown }).id : value;
  return textOf(id ?? "");
}

function relatedFault({ name }: Field): RecordFault {
  const details = { json_path: `$.data[0].${name}.id` };
  return fieldFault("INVALID_DATA", "the related id given seems to be invalid", name, details);
}

function activeUser(account: ZohoAccount, field: Field, value: unknown): string {
  const user = account.user(idIn(value));
  if (!user) throw relatedFault(field);
  return user.id;
}

function linkedId(account: ZohoAccount, field: Field, value: unknown, module: ModuleName | null): string {
  if (module === null) {
    const details = { api_name: "$se_module" };
    throw fieldFault("DEPENDENT_FIELD_MISSING", "one of the dependent field is missing", field.name, details);
  }
  const id = idIn(value);
  if (!account.module(module) || !account.records(module).get(id)) throw relatedFault(field);
  return id;
}

function tagNames(field: Field, value: unknown): string[] | undefined {
  if (!Array.isArray(value)) throw invalid(field, { expected_data_type: "jsonarray" });
  const names = value.map((tag: { name?: unknown }) => textOf(tag.name ?? ""));
  if (names.some((name) => name === "" || name.length > 25)) throw invalid(field, { maximum_length: 25 });
  return names.length === 0 ? undefined : [...new Set(names)];
}

function participants(account: ZohoAccount, field: Field, value: unknown): readonly Participant[] | undefined {
  if (!Array.isArray(value)) throw invalid(field, { expected_data_type: "jsonarray" });
  const read = value.map((one: Record<string, unknown>): Participant => {
    const type = one["type"] as Participant["type"];
    const participant = idIn(one["participant"]);
    const isThere =
      type === "contact" || type === "lead"
        ? account.records(PARTICIPANT_MODULES[type]).get(participant) !== null
        : type === "user"
          ? account.user(participant) !== undefined
          : type === "email" && EMAIL.test(participant);
    if (!isThere) throw invalid(field);
    return { id: account.takeId(), type, participant, invited: false, status: "not_known" };
  });
  return read.length === 0 ? undefined : read;
}

/** All-day events last from the first second of their first day to the last second of their last day, in the user's zone. */
export function wholeDays({ clock }: ZohoAccount, values: Row["values"]): Row["values"] {
  const { All_day: isAllDay, Start_DateTime: start, End_DateTime: end } = values;
  if (isAllDay !== true || typeof start !== "number") return values;
  const lastDay = clock.dayOf(typeof end === "number" ? end : start);
  return {
    ...values,
    Start_DateTime: clock.at(clock.dayOf(start), "00:00:00"),
    End_DateTime: clock.at(lastDay, "23:59:59"),
  };
}
