import type { HubSpotAccount } from "./account.js";
import type { ApiVersion } from "./api-version.js";
import { type StoredRecord, CONTACT, LEAD, type ObjectType } from "./object-types.js";
import type { RecordRef } from "./association-graph.js";
import { associationType, type AssociationType, LEAD_TO_PRIMARY_CONTACT } from "./association-types.js";
import { objectNotFound, requiredPropertiesMissing, validationError } from "./errors.js";
import { applyWrite, type WrittenValue } from "./property-values.js";
import { refuseBreach, refuseLinking } from "./rules.js";

export interface RecordDraft {
  properties: Record<string, WrittenValue>;
  associations?: { to: { id: string }; types: { associationTypeId: number }[] }[] | undefined;
}

interface DraftLink {
  readonly to: RecordRef;
  readonly type: AssociationType;
}

export function createRecord(
  account: HubSpotAccount,
  type: ObjectType,
  draft: RecordDraft,
  version: ApiVersion,
): StoredRecord {
  const values = applyWrite(account, type, type.initialValues, draft.properties);
  refuseIncomplete(type, values);
  refuseBreach(account, version, type, { after: values, isNew: true });
  const links = readLinks(account, type, draft);
  if (type === LEAD && !links.some((link) => link.type.id === LEAD_TO_PRIMARY_CONTACT)) {
    throw validationError("Error creating LEAD. A lead must be associated with a primary contact.");
  }
  if (links.length > 0) refuseLinking(account, version);
  if (type === CONTACT) account.contactEmails.refuseDuplicates(values, null);
  const now = account.now();
  const record = { type, id: account.takeId(type), values, createdAt: now, updatedAt: now, archivedAt: null };
  account.put(record);
  for (const link of links) account.associations.link(record, link.to, link.type);
  return record;
}

export function updateRecord(
  account: HubSpotAccount,
  record: StoredRecord,
  written: Record<string, WrittenValue>,
  version: ApiVersion,
): StoredRecord {
  if (Object.keys(written).length === 0) {
    throw validationError("No properties found to update, please provide at least one.", {
      context: { properties: ["{}"] },
    });
  }
  const values = applyWrite(account, record.type, record.values, written);
  refuseBreach(account, version, record.type, { after: values, isNew: false });
  if (record.type === CONTACT) account.contactEmails.refuseDuplicates(values, record.id);
  const updated = { ...record, values, updatedAt: account.now() };
  account.put(updated);
  return updated;
}

/** Merges two records into a new one. Both old ids then name the new record, except in batches. */
export function mergeRecords(account: HubSpotAccount, type: ObjectType, ...ids: [primary: string, other: string]) {
  const parts = ids.map((id) => {
    const record = account.findLive(type, id);
    if (!record) throw objectNotFound(id);
    return record;
  });
  const [primary, other] = parts as [StoredRecord, StoredRecord];
  const linked = parts.flatMap((record) => account.associations.unlinkAll(record));
  const earlier = parts.flatMap(({ values }) => values["hs_merged_object_ids"]?.split(";") ?? []);
  const values = { ...other.values, ...primary.values, hs_merged_object_ids: [...earlier, ...ids].join(";") };
  for (const record of parts) account.erase(record);
  const now = account.now();
  const record = {
    type,
    id: account.takeId(type),
    values,
    createdAt: primary.createdAt,
    updatedAt: now,
    archivedAt: null,
  };
  account.put(record);
  account.noteMerge(parts, record);
  for (const one of linked) archiveAbandonedLead(account, one);
  return record;
}

/** Archives a record and removes its associations. Also archives the leads whose primary contact it is. */
export function archiveRecord(account: HubSpotAccount, record: StoredRecord): void {
  account.put({ ...record, archivedAt: account.now() });
  for (const other of account.associations.unlinkAll(record)) archiveAbandonedLead(account, other);
}

export function dissociate(account: HubSpotAccount, one: RecordRef, other: RecordRef): void {
  account.associations.unlink(one, other);
  archiveAbandonedLead(account, one);
  archiveAbandonedLead(account, other);
}

function archiveAbandonedLead(account: HubSpotAccount, { type, id }: RecordRef): void {
  if (type !== LEAD) return;
  const lead = account.findLive(type, id);
  if (lead && account.associations.primaryContactOf(lead) === null) archiveRecord(account, lead);
}

function refuseIncomplete(type: ObjectType, values: Readonly<Record<string, string>>): void {
  const missing = type.requiredProperties.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw requiredPropertiesMissing(type.wireName, missing);
  const identifying = type.identifyingProperties;
  if (identifying.length > 0 && identifying.every((name) => values[name] === undefined)) {
    throw requiredPropertiesMissing(type.wireName, identifying);
  }
}

function readLinks(account: HubSpotAccount, from: ObjectType, { associations = [] }: RecordDraft): DraftLink[] {
  return associations.flatMap(({ to, types }) =>
    types.map(({ associationTypeId }) => {
      const type = associationType(associationTypeId);
      if (type.from !== from) {
        throw validationError(`Association type ${associationTypeId} does not start at ${from.wireName}`);
      }
      if (!account.findLive(type.to, to.id)) {
        const message = `${type.to.wireName}=${to.id} is not valid`;
        throw validationError("One or more associations are not valid", { errors: [{ message }] });
      }
      return { to: { type: type.to, id: to.id }, type };
    }),
  );
}
