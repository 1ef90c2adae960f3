import type { HubSpotAccount } from "./account.js";
import { type StoredRecord, CONTACT, findObjectType, LEAD, propertiesOf } from "./object-types.js";

/** Lead properties that show a property of the lead's primary contact. */
const FROM_PRIMARY_CONTACT: Readonly<Record<string, string>> = {
  hs_associated_contact_firstname: "firstname",
  hs_associated_contact_lastname: "lastname",
  hs_associated_contact_email: "email",
};

export interface RecordSelection {
  /** Empty for the default properties of the type. Unknown names are ignored. */
  properties: readonly string[];
  /** Names of the object types whose associated ids the answer includes. */
  associations?: readonly string[];
}

export function propertyValue(account: HubSpotAccount, record: StoredRecord, name: string): string | null {
  const { type } = record;
  if (name === "hs_object_id") return record.id;
  if (type.createdProperties.includes(name)) return new Date(record.createdAt).toISOString();
  if (name === type.modifiedProperty) return new Date(record.updatedAt).toISOString();
  if (type === LEAD && name === "hs_primary_contact_id") return account.associations.primaryContactOf(record);
  if (type === CONTACT && name === "associatedcompanyid") return account.associations.primaryCompanyOf(record);
  const contactProperty = type === LEAD ? FROM_PRIMARY_CONTACT[name] : undefined;
  if (contactProperty !== undefined) return primaryContactValue(account, record, contactProperty);
  return record.values[name] ?? null;
}

export function recordToWire(
  account: HubSpotAccount,
  record: StoredRecord,
  { properties, associations = [] }: RecordSelection,
): Record<string, unknown> {
  const { type, id } = record;
  const asked = properties.length > 0 ? properties : type.defaultProperties;
  const known = propertiesOf(type, account.name);
  const names = new Set([...asked.filter((name) => known.has(name)), ...type.systemProperties]);
  const inline = associations.length > 0 ? inlineAssociations(account, record, associations) : {};
  return {
    id,
    properties: Object.fromEntries([...names].map((name) => [name, propertyValue(account, record, name)])),
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    url: `https://app.hubspot.com/contacts/${account.portalId}/record/${type.id}/${id}`,
    ...(Object.keys(inline).length > 0 ? { associations: inline } : {}),
  };
}

/** Returns the associated ids by type. Omits types without associated records, and unknown types. */
function inlineAssociations(account: HubSpotAccount, record: StoredRecord, typeNames: readonly string[]) {
  const found: Record<string, { results: { id: string; type: string }[] }> = {};
  for (const name of typeNames) {
    const toType = findObjectType(name);
    if (!toType) continue;
    // One entry per association type, so a record with two associations appears twice.
    const results = account.associations
      .associated(record, toType)
      .flatMap(({ id, types }) => types.map(({ wireName }) => ({ id, type: wireName })));
    if (results.length > 0) found[toType.plural] = { results };
  }
  return found;
}

function primaryContactValue(account: HubSpotAccount, lead: StoredRecord, property: string): string | null {
  const contactId = account.associations.primaryContactOf(lead);
  const contact = contactId === null ? undefined : account.get(CONTACT, contactId);
  return contact?.values[property] ?? null;
}
