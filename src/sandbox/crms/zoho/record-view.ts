import { textOf } from "../../kit/json.js";
import type { Participant, Row, User, ZohoAccount } from "./account.js";
import type { Field, Fields, ModuleName } from "./fields.js";

/** The requestable parts of a record that are not fields. */
const PARTS: Readonly<Record<string, (row: Row) => unknown>> = {
  $se_module: ({ relatedModule }) => relatedModule,
  $event_cancelled: ({ cancelled }) => cancelled,
  $approval_state: () => "approved",
};

/** Shows a record with its id and the requested fields. Omits unknown fields. */
export function viewRecord(account: ZohoAccount, fields: Fields, row: Row, asked: readonly string[]) {
  const view: Record<string, unknown> = { id: row.id };
  for (const name of asked) {
    const part = PARTS[name];
    const field = fields.get(name);
    if (part) view[name] = part(row);
    else if (field) view[name] = viewValue(account, field, row);
  }
  return view;
}

/** Returns the names of all fields and other parts, for the read of a single record without `fields`. */
export function allNames(fields: Fields): string[] {
  return [...fields.keys(), ...Object.keys(PARTS)];
}

function viewValue(account: ZohoAccount, field: Field, row: Row): unknown {
  const value = valueOf(field.name, row);
  switch (field.type) {
    case "datetime":
      return typeof value === "number" ? account.clock.write(value) : null;
    case "ownerlookup":
      return viewUser(account.user(value) ?? account.currentUser);
    case "lookup":
      return value === undefined ? null : viewLookup(account, field.lookup ?? row.relatedModule, value);
    case "boolean":
      return value ?? false;
    case "tags":
      return ((value ?? []) as string[]).map((name) => ({ name, id: tagId(account, name), color_code: null }));
    case "participants":
      return ((value ?? []) as Participant[]).map((one) => viewParticipant(account, one));
    case "multiselectpicklist":
      return value ?? [];
    case "text":
    case "textarea":
    case "email":
    case "phone":
    case "website":
    case "picklist":
    case "integer":
    case "double":
    case "currency":
    case "date":
    case "bigint":
      return value ?? null;
  }
}

/** Returns the value of a field, also of a field that Zoho sets itself. */
export function valueOf(name: string, row: Row): unknown {
  if (name === "id") return row.id;
  if (name === "Created_Time") return row.createdAt;
  if (name === "Modified_Time") return row.modifiedAt;
  if (name === "Full_Name") return fullName(row);
  return row.values[name];
}

/** Returns the name of a record that lookups to the record show. */
export function nameOf(row: Row): string {
  const { Account_Name: account, Event_Title: title, Deal_Name: deal, Last_Name: last } = row.values;
  return last === undefined ? String(title ?? deal ?? account) : fullName(row);
}

function fullName({ values: { First_Name: first, Last_Name: last } }: Row): string {
  return [first, last]
    .filter((part) => part !== undefined)
    .map(textOf)
    .join(" ");
}

function viewUser(user: User) {
  return { name: `${user.firstName} ${user.lastName}`, id: user.id, email: user.email };
}

function viewLookup(account: ZohoAccount, module: string | null, id: unknown) {
  const row = module === null ? null : account.records(module as ModuleName).get(String(id));
  return row ? { name: nameOf(row), id: row.id } : null;
}

function viewParticipant(account: ZohoAccount, { id, type, participant, invited, status }: Participant) {
  const shared = { invited, id, type, participant, status };
  if (type === "email") return { ...shared, name: participant, Email: participant };
  if (type === "user") {
    const user = account.user(participant);
    return { ...shared, name: user ? `${user.firstName} ${user.lastName}` : null, Email: user?.email ?? null };
  }
  const row = account.records(type === "contact" ? "Contacts" : "Leads").get(participant);
  return { ...shared, name: row && nameOf(row), Email: row?.values["Email"] ?? null };
}

function tagId({ orgId }: ZohoAccount, name: string): string {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)!) % 1_000_000_007;
  return `${orgId}${String(hash).padStart(12, "0")}`;
}
