import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { HubSpotAccount } from "./account.js";
import type { ApiVersion } from "./api-version.js";
import type { AssociatedRecord, RecordRef } from "./association-graph.js";
import { plainAssociation } from "./association-types.js";
import { batchBody, batchStatus, missingObjects } from "./batch.js";
import { type BatchError, validationError } from "./errors.js";
import { recordId } from "./object-routes.js";
import { refuseLinking } from "./rules.js";
import type { ObjectType } from "./object-types.js";
import { dissociate } from "./record-writes.js";
import { accountOf, objectTypeParameter, pageOf, readBody } from "./request.js";

const MAX_READS = 1000;
const MAX_WRITES = 2000;
const MAX_ASSOCIATIONS_PER_PAGE = 500;

const ref = z.object({ id: recordId });
const batchRead = z.object({ inputs: z.array(z.object({ id: recordId, after: z.string().nullish() })) });
const batchDefault = z.object({ inputs: z.array(z.object({ from: ref, to: ref })) });
const batchArchive = z.object({ inputs: z.array(z.object({ from: ref, to: z.array(ref) })) });

/** The associations between two types. */
export function addAssociationRoutes(app: FastifyInstance, version: ApiVersion): void {
  const batch = `${version.associations}/:fromType/:toType/batch`;

  app.post(`${batch}/read`, (request, reply) => {
    const account = accountOf(request);
    const { from, to } = typesOfPath(request);
    const { inputs } = readBody(request, batchRead);
    refuseMore(inputs, MAX_READS);
    const pages = inputs.map(({ id, after }) => {
      const record = { type: from, id };
      const associated = account.associations.associated(record, to);
      associated.sort((one, other) => Number(one.id) - Number(other.id));
      const page = pageOf(associated, (one) => one.id, MAX_ASSOCIATIONS_PER_PAGE, after ?? undefined);
      return { record, items: page.items.map((item) => associatedToWire(item, version)), paging: page.paging };
    });
    const outcome = {
      results: pages
        .filter(({ items }) => items.length > 0)
        .map(({ record, items, paging }) => ({ from: { id: record.id }, to: items, ...paging })),
      errors: pages.filter(({ items }) => items.length === 0).map(({ record }) => noAssociations(record, to)),
    };
    return reply.code(batchStatus(outcome, 200)).send(batchBody(account, outcome));
  });

  app.post(`${batch}/associate/default`, (request, reply) => {
    const account = accountOf(request);
    const types = typesOfPath(request);
    const { inputs } = readBody(request, batchDefault);
    refuseMore(inputs, MAX_WRITES);
    refuseLinking(account, version);
    const type = plainAssociation(types.from, types.to);
    const { found, errors } = existingPairs(account, types, inputs);
    for (const { from, to } of found) account.associations.link(from, to, type);
    const outcome = {
      results: found.map(({ from, to }) => ({
        from: { id: from.id },
        to: { id: to.id },
        associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId: type.id },
      })),
      errors,
    };
    return reply.code(batchStatus(outcome, 200)).send(batchBody(account, outcome));
  });

  app.post(`${batch}/archive`, (request, reply) => {
    const account = accountOf(request);
    const types = typesOfPath(request);
    const { inputs } = readBody(request, batchArchive);
    refuseMore(inputs, MAX_WRITES);
    refuseLinking(account, version);
    for (const { from, to } of inputs) {
      for (const { id } of to) dissociate(account, { type: types.from, id: from.id }, { type: types.to, id });
    }
    return reply.code(204).send();
  });
}

interface TypePair {
  from: ObjectType;
  to: ObjectType;
}

function typesOfPath(request: FastifyRequest): TypePair {
  return { from: objectTypeParameter(request, "fromType"), to: objectTypeParameter(request, "toType") };
}

function refuseMore(inputs: readonly unknown[], max: number): void {
  if (inputs.length > max) throw validationError(`The maximum number of inputs in a batch request is ${max}.`);
}

/** Returns the pairs whose two records exist, and one error for each type with missing records. */
function existingPairs(
  account: HubSpotAccount,
  types: TypePair,
  inputs: readonly { from: { id: string }; to: { id: string } }[],
): { found: { from: RecordRef; to: RecordRef }[]; errors: BatchError[] } {
  const isMissing = ({ type, id }: RecordRef) => account.findLive(type, id) === undefined;
  const pairs = inputs.map(({ from, to }) => ({
    from: { type: types.from, id: from.id },
    to: { type: types.to, id: to.id },
  }));
  const missing = (ends: RecordRef[]) => ends.filter(isMissing).map(({ id }) => id);
  return {
    found: pairs.filter(({ from, to }) => !isMissing(from) && !isMissing(to)),
    errors: [
      ...missingObjects(types.from, missing(pairs.map(({ from }) => from))),
      ...missingObjects(types.to, missing(pairs.map(({ to }) => to))),
    ],
  };
}

function noAssociations({ type, id }: RecordRef, to: ObjectType): BatchError {
  return {
    status: "error",
    category: "OBJECT_NOT_FOUND",
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    message: `No ${to.singular} is associated with ${type.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [type.singular], toObjectType: [to.singular] },
  };
}

function associatedToWire({ id, types }: AssociatedRecord, { textIds }: ApiVersion) {
  return {
    toObjectId: textIds ? id : Number(id),
    associationTypes: types.map((type) => ({
      category: "HUBSPOT_DEFINED",
      typeId: type.id,
      label: type.label,
    })),
  };
}
