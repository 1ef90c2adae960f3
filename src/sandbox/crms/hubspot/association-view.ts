import type { HubSpotAccount } from "./account.js";
import type { AssociatedRecord, RecordRef } from "./association-graph.js";
import type { AssociationType } from "./association-types.js";
import type { BatchError } from "./errors.js";
import type { ObjectType } from "./object-types.js";
import { pageOf } from "./paging.js";

/** The two path families disagree on whether an associated id is a number or a text; callers must take both. */
export type IdForm = "NUMBER" | "TEXT";

export const MAX_ASSOCIATIONS_PER_PAGE = 500;

export interface AssociationPageRequest {
  from: RecordRef;
  to: ObjectType;
  limit: number;
  after: string | undefined;
}

export function associationPage(account: HubSpotAccount, request: AssociationPageRequest, idForm: IdForm) {
  const associated = account.associations.associated(request.from, request.to);
  const ascending = associated.sort((one, other) => Number(one.id) - Number(other.id));
  const { items, paging } = pageOf(ascending, ({ id }) => id, request.limit, request.after);
  return { items: items.map((record) => associatedToWire(record, idForm)), paging };
}

export function labelToWire({ id, label }: AssociationType) {
  return { category: "HUBSPOT_DEFINED", typeId: id, label };
}

export function createdAssociationToWire(from: RecordRef, to: RecordRef, idForm: IdForm) {
  return {
    fromObjectTypeId: from.type.id,
    fromObjectId: idToWire(from.id, idForm),
    toObjectTypeId: to.type.id,
    toObjectId: idToWire(to.id, idForm),
    labels: [],
  };
}

export function defaultAssociationToWire(from: RecordRef, to: RecordRef, typeId: number) {
  return {
    from: { id: from.id },
    to: { id: to.id },
    associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId: typeId },
  };
}

export function noAssociations({ type, id }: RecordRef, to: ObjectType): BatchError {
  return {
    status: "error",
    category: "OBJECT_NOT_FOUND",
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    message: `No ${to.singular} is associated with ${type.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [type.singular], toObjectType: [to.singular] },
  };
}

function associatedToWire({ id, types }: AssociatedRecord, idForm: IdForm) {
  return { toObjectId: idToWire(id, idForm), associationTypes: types.map(labelToWire) };
}

function idToWire(id: string, idForm: IdForm): string | number {
  return idForm === "NUMBER" ? Number(id) : id;
}
