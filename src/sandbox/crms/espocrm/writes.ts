import { textOf } from "../../kit/json.js";
import { folded } from "./collation.js";
import { systemDateTime, type Caller, type DataEntry, type Database, type Row } from "./database.js";
import { attributesOf, fieldsOf, type EntityType, type Fields } from "./entity-defs.js";
import { EspoError } from "./errors.js";
import { settleContact, settleLead, settleMeeting } from "./hooks.js";
import { sanitizedNumber } from "./phone-number.js";
import { dataOf, listedView } from "./record-view.js";
import { stored, validate } from "./validation.js";

export interface WriteContext {
  database: Database;
  caller: Caller;
  now: number;
}

/** @throws EspoError 400 for a wrong field, 409 for a duplicate unless the call skips that check */
export function createRecord(
  context: WriteContext,
  entity: EntityType,
  body: Record<string, unknown>,
  skipsDuplicateCheck: boolean,
): Row {
  const { database, caller, now } = context;
  const fields = fieldsOf(entity, database);
  const row: Row = { id: database.newId(), deleted: false };
  for (const [field, { default: value, type }] of Object.entries(fields)) {
    if (value && type === "enum") row[field] = value;
  }
  const written = take(context, fields, row, body);
  validate(fields, row, () => true);
  if (!skipsDuplicateCheck) checkDuplicates(database, entity, row);
  row["createdAt"] = row["modifiedAt"] = systemDateTime(now);
  row["createdById"] = caller.id;
  if (fields["streamUpdatedAt"]) row["streamUpdatedAt"] = row["createdAt"];
  settle(context, entity, row, null, written);
  shareEntries(database, entity, row, written);
  return database.put(entity, row);
}

/** Replaces a record with its new state, if the new state is valid. */
export function updateRecord(context: WriteContext, entity: EntityType, old: Row, body: Record<string, unknown>): Row {
  const fields = fieldsOf(entity, context.database);
  const row: Row = { ...old };
  const written = take(context, fields, row, body);
  validate(fields, row, (attribute) => written.has(attribute));
  row["modifiedAt"] = systemDateTime(context.now);
  settle(context, entity, row, old, written);
  shareEntries(context.database, entity, row, written);
  return context.database.put(entity, row);
}

const SHARING: readonly EntityType[] = ["Contact", "Lead", "Account"];

/**
 * An e-mail address or a phone number is one record that all its holders share: a written type or opt-out is then that of
 * all. Recorded from EspoCRM 8.4.2; source: Repositories/EmailAddress and PhoneNumber of espocrm/espocrm.
 */
function shareEntries(database: Database, entity: EntityType, row: Row, written: ReadonlySet<string>): void {
  for (const field of ["emailAddress", "phoneNumber"]) {
    if (!written.has(field) && !written.has(`${field}Data`)) continue;
    const same = (entry: DataEntry) =>
      dataOf(row, field).find((own) => String(own[field]).toLowerCase() === String(entry[field]).toLowerCase());
    for (const other of SHARING) {
      for (const holder of database.rows(other)) {
        if (other === entity && holder.id === row.id) continue;
        const data = dataOf(holder, field);
        if (!data.some(same)) continue;
        const shared = data.map((entry) => {
          const { primary: _primary, ...own } = same(entry) ?? {};
          return { ...entry, ...own };
        });
        database.put(other, { ...holder, [`${field}Data`]: shared });
      }
    }
  }
}

/** Copies the writable attributes to the row. EspoCRM ignores the rest of the body. */
function take({ caller }: WriteContext, fields: Fields, row: Row, body: Record<string, unknown>): Set<string> {
  const written = new Set<string>();
  for (const [field, defs] of Object.entries(fields)) {
    if (defs.readOnly || defs.type === "personName" || caller.notEdited.has(field)) continue;
    for (const attribute of attributesOf(field, defs)) {
      if (!(attribute in body) || (/Names?$/.test(attribute) && defs.type.startsWith("link"))) continue;
      if (defs.type === "email" || defs.type === "phone")
        takeData(row, field, attribute, sanitized(body[attribute]), defs.default ?? undefined);
      else row[attribute] = stored(body[attribute], defs.type);
      written.add(attribute);
    }
  }
  return written;
}

/** Writes all addresses or numbers of a record, or only the primary one. */
function takeData(row: Row, field: string, attribute: string, value: unknown, defaultType: string | undefined): void {
  const before = dataOf(row, field);
  const given =
    attribute === field
      ? [...(value ? [{ [field]: value, primary: true }] : []), ...before.filter(({ primary }) => primary !== true)]
      : Array.isArray(value)
        ? (value as DataEntry[])
        : [];
  const first = Math.max(
    0,
    given.findIndex(({ primary }) => primary === true),
  );
  row[`${field}Data`] = given.map((entry, index) => dataEntry(field, entry, index === first, defaultType));
}

/** A number, or a list of entries with numbers, as EspoCRM stores it. Addresses stay as they are. */
function sanitized(value: unknown): unknown {
  if (!Array.isArray(value)) return typeof value === "string" && value.includes("@") ? value : sanitizedNumber(value);
  return (value as DataEntry[]).map((entry) =>
    "phoneNumber" in entry ? { ...entry, phoneNumber: sanitizedNumber(entry["phoneNumber"]) } : entry,
  );
}

/** Builds a stored address or number. Flags that the call omits are off. */
export function dataEntry(field: string, entry: DataEntry, primary: boolean, defaultType?: string): DataEntry {
  const flags = { primary, optOut: entry["optOut"] === true, invalid: entry["invalid"] === true };
  return field === "emailAddress"
    ? { emailAddress: entry[field], lower: String(entry[field]).toLowerCase(), ...flags }
    : { phoneNumber: entry[field], type: entry["type"] ?? defaultType, ...flags };
}

function settle(
  context: WriteContext,
  entity: EntityType,
  row: Row,
  old: Row | null,
  written: ReadonlySet<string>,
): void {
  if (entity === "Contact") settleContact(row);
  if (entity === "Lead") settleLead(row, old, context.now, written);
  if (entity === "Meeting") settleMeeting(row, old, context.caller, written);
}

/** Creates the contact that a call requests, and marks the lead as Converted. */
export function convertLead(context: WriteContext, lead: Row, records: unknown): Row {
  const { Contact } = (records ?? {}) as { Contact?: Record<string, unknown> };
  if (!Contact) throw new EspoError(400, "Bad data.");
  const { firstName, lastName, emailAddressData, phoneNumberData, assignedUserId } = lead;
  const values = { firstName, lastName, emailAddressData, phoneNumberData, assignedUserId, ...Contact };
  const contact = createRecord(context, "Contact", values, true);
  return updateRecord(context, "Lead", lead, { status: "Converted", createdContactId: contact.id });
}

/**
 * Refuses a person with the whole name or an e-mail address of another record.
 * @throws EspoError 409 with the other records
 */
function checkDuplicates(database: Database, entity: EntityType, row: Row): void {
  if (entity !== "Contact" && entity !== "Lead") return;
  const addresses = new Set(dataOf(row, "emailAddress").map(({ lower }) => lower));
  const name = fullNameOf(row);
  const found = database
    .rows(entity)
    .filter(
      (other) =>
        (name !== null && fullNameOf(other) === name) ||
        dataOf(other, "emailAddress").some(({ lower }) => addresses.has(lower)),
    );
  if (found.length === 0) return;
  const view = { select: null, orderBy: null };
  throw new EspoError(
    409,
    "duplicate",
    found.map((other) => listedView(database, entity, other, view)),
  );
}

function fullNameOf({ firstName, lastName }: Row): string | null {
  return firstName && lastName ? folded(`${textOf(firstName)} ${textOf(lastName)}`) : null;
}
