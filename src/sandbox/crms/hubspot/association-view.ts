import type { HubSpotAccount } from "./account.js";
import type { AssociatedRecord, RecordRef } from "./association-graph.js";
import type { AssociationType } from "./association-types.js";
import type { BatchError } from "./errors.js";
import type { ObjectType } from "./object-types.js";
import { pageOf } from "./paging.js";

export const MAX_ASSOCIATIONS_PER_PAGE = 500;

export interface AssociationPageRequest {
  from: RecordRef;
  to: ObjectType;
  limit: number;
  after: string | undefined;
}

export function associationPage(account: HubSpotAccount, request: AssociationPageRequest) {
  const associated = account.associations.associated(request.from, request.to);
  const ascending = associated.sort((one, other) => Number(one.id) - Number(other.id));
  const { items, paging } = pageOf(ascending, ({ id }) => id, request.limit, request.after);
  return { items: items.map(associatedToWire), paging };
}

function labelToWire({ id, label }: AssociationType) {
  return { category: "HUBSPOT_DEFINED", typeId: id, label };
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

function associatedToWire({ id, types }: AssociatedRecord) {
  return { toObjectId: Number(id), associationTypes: types.map(labelToWire) };
}
