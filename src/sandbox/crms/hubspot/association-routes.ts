import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { HubSpotAccount } from "./account.js";
import type { RecordRef } from "./association-graph.js";
import { associationType, type AssociationType, plainAssociation } from "./association-types.js";
import {
  associationPage,
  createdAssociationToWire,
  defaultAssociationToWire,
  MAX_ASSOCIATIONS_PER_PAGE,
} from "./association-view.js";
import { batchBody } from "./batch.js";
import { validationError } from "./errors.js";
import type { ObjectType } from "./object-types.js";
import { dissociate, liveRecord } from "./record-writes.js";
import { accountOf, objectTypeParameter, pathParameter, queryLimit, queryText, readBody } from "./request.js";

export const associationSpecs = z
  .array(z.object({ associationCategory: z.string().optional(), associationTypeId: z.number() }))
  .min(1);

const ALL = "/crm/v4/objects/:objectType/:id/associations";

/** The associations of one record. */
export function addAssociationRoutes(app: FastifyInstance): void {
  app.get(`${ALL}/:toType`, (request) => {
    const account = accountOf(request);
    const from = liveRecord(account, objectTypeParameter(request), pathParameter(request, "id"));
    const limit = queryLimit(request, MAX_ASSOCIATIONS_PER_PAGE, MAX_ASSOCIATIONS_PER_PAGE);
    const to = objectTypeParameter(request, "toType");
    const page = associationPage(account, { from, to, limit, after: queryText(request, "after") });
    return { results: page.items, ...page.paging };
  });

  app.put(`${ALL}/default/:toType/:toId`, (request) => {
    const account = accountOf(request);
    const { from, to } = bothRecords(request);
    const type = plainAssociation(from.type, to.type);
    account.associations.link(from, to, type);
    const results = [defaultAssociationToWire(from, to, type.id), defaultAssociationToWire(to, from, type.reverseId)];
    return batchBody(account, { results, errors: [] });
  });

  app.put(`${ALL}/:toType/:toId`, (request, reply) => {
    const { from, to } = bothRecords(request);
    const specs = readBody(request, associationSpecs);
    linkAs(accountOf(request), from, to, typesOf(specs, from.type, to.type));
    return reply.code(201).send(createdAssociationToWire(from, to));
  });

  app.delete(`${ALL}/:toType/:toId`, (request, reply) => {
    const one = { type: objectTypeParameter(request), id: pathParameter(request, "id") };
    const other = { type: objectTypeParameter(request, "toType"), id: pathParameter(request, "toId") };
    dissociate(accountOf(request), one, other);
    return reply.code(204).send();
  });
}

export function typesOf(specs: z.output<typeof associationSpecs>, from: ObjectType, to: ObjectType): AssociationType[] {
  return specs.map(({ associationTypeId }) => {
    const type = associationType(associationTypeId);
    if (type.from === from && type.to === to) return type;
    throw validationError(
      `Association type ${associationTypeId} does not lead from ${from.wireName} to ${to.wireName}`,
    );
  });
}

export function linkAs(account: HubSpotAccount, from: RecordRef, to: RecordRef, types: AssociationType[]): void {
  for (const type of types) account.associations.link(from, to, type);
}

function bothRecords(request: FastifyRequest): { from: RecordRef; to: RecordRef } {
  const account = accountOf(request);
  return {
    from: liveRecord(account, objectTypeParameter(request), pathParameter(request, "id")),
    to: liveRecord(account, objectTypeParameter(request, "toType"), pathParameter(request, "toId")),
  };
}
