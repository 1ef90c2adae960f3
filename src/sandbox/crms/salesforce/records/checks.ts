import { badRequest, SalesforceError, type ErrorDetail } from "../errors.js";
import type { Org, Row, Value } from "../org.js";
import type { Field } from "../schema/field.js";
import { objectOfId } from "../schema/index.js";
import type { ObjectSchema } from "../schema/object.js";
import { Contact } from "../schema/people.js";

const EMAIL = /^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+$/u;

/** Refuses a record that must not be saved. `changed` names the fields of the call. */
export function checkRecord(org: Org, schema: ObjectSchema, row: Row, changed: readonly string[]): void {
  checkRequired(schema, row, changed);
  const details = changed.flatMap((name) => {
    const field = schema.field(name);
    const value = row[name] ?? null;
    return field && value !== null ? (checkValue(org, field, value) ?? []) : [];
  });
  if (details.length > 0) throw new SalesforceError(400, details);
}

/** Makes one refusal that names all missing fields, as Salesforce does. */
export function requiredFieldsMissing(fields: string[]): SalesforceError {
  return badRequest("REQUIRED_FIELD_MISSING", `Required fields are missing: [${fields.join(", ")}]`, fields);
}

function checkRequired(schema: ObjectSchema, row: Row, changed: readonly string[]): void {
  const isUpdate = row.Id !== undefined;
  const missing = schema.fields.filter((field) => {
    if (field.nillable || !field.createable || (row[field.name] ?? null) !== null) return false;
    return !field.defaultedOnCreate || (isUpdate && changed.includes(field.name));
  });
  const status = missing.find((field) => field.restrictedPicklist);
  if (status) {
    const message = `${status.label}: bad value for restricted picklist field: null`;
    throw badRequest("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [status.name]);
  }
  if (missing.length > 0) throw requiredFieldsMissing(missing.map((field) => field.name));
}

function checkValue(org: Org, field: Field, value: Value): ErrorDetail | null {
  const fields = [field.name];
  if (typeof value === "string" && field.type === "reference") return checkReference(org, field, value);
  if (typeof value === "string" && field.length > 0 && value.length > field.length) {
    const start = value.slice(0, 40);
    const message = `${field.label}: data value too large: ${start} (max length=${field.length})`;
    return { message, errorCode: "STRING_TOO_LONG", fields };
  }
  if (field.type === "email" && !EMAIL.test(String(value))) {
    const message = `${field.label}: invalid email address: ${String(value)}`;
    return { message, errorCode: "INVALID_EMAIL_ADDRESS", fields };
  }
  if (field.restrictedPicklist && !field.picklist.includes(String(value))) {
    const message = `${field.label}: bad value for restricted picklist field: ${String(value)}`;
    return { message, errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", fields };
  }
  return null;
}

function checkReference(org: Org, field: Field, id: string): ErrorDetail | null {
  const fields = [field.name];
  if (!field.referenceTo.includes(objectOfId(id)?.name ?? "")) {
    return { message: `${field.label}: id value of incorrect type: ${id}`, errorCode: "MALFORMED_ID", fields };
  }
  const found = org.find(id);
  if (!found) return { message: "invalid cross reference id", errorCode: "INVALID_CROSS_REFERENCE_KEY", fields };
  if (found.row.IsDeleted === true) return { message: "entity is deleted", errorCode: "ENTITY_IS_DELETED", fields };
  return null;
}

const DUPLICATE = "Use one of these records?";

/**
 * Applies the only duplicate rule of the org: two contacts must not have the same e-mail address and last name, unless
 * the call allows duplicates.
 */
export function checkDuplicates(org: Org, row: Row): void {
  const key = matchKey(row);
  if (key === null) return;
  const matches: string[] = [];
  for (const other of org.rows(Contact)) {
    if (other.Id !== row.Id && other.IsDeleted !== true && matchKey(other) === key) matches.push(String(other.Id));
  }
  if (matches.length > 0) throw duplicatesDetected(matches);
}

function matchKey(row: Row): string | null {
  if (typeof row.Email !== "string" || typeof row.LastName !== "string") return null;
  return `${row.Email.toLowerCase()}\n${row.LastName.toLowerCase()}`;
}

function duplicatesDetected(ids: string[]): SalesforceError {
  const matchRecords = ids.map((id) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: { attributes: { type: "Contact" }, Id: id },
  }));
  const duplicateResult = {
    allowSave: true,
    duplicateRule: "Standard_Contact_Duplicate_Rule",
    duplicateRuleEntityType: "Contact",
    errorMessage: DUPLICATE,
    matchResults: [
      {
        entityType: "Contact",
        errors: [],
        matchEngine: "FuzzyMatchEngine",
        matchRecords,
        rule: "Standard_Contact_Match_Rule",
        size: ids.length,
        success: true,
      },
    ],
  };
  return new SalesforceError(400, [{ duplicateResult, errorCode: "DUPLICATES_DETECTED", message: DUPLICATE }]);
}
