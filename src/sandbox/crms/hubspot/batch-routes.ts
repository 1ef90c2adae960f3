import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { HubSpotAccount } from "./account.js";
import type { ApiVersion } from "./api-version.js";
import type { StoredRecord, ObjectType } from "./object-types.js";
import { batchBody, batchStatus, missingObjects } from "./batch.js";
import { validationError } from "./errors.js";
import { createdRecordToWire, isByEmail, newRecord, recordId } from "./object-routes.js";
import { recordToWire } from "./record-view.js";
import { createRecord, type RecordDraft } from "./record-writes.js";
import { accountOf, objectTypeParameter, queryFlag, readBody } from "./request.js";

const MAX_INPUTS = 100;

const batchRead = z.object({
  inputs: z.array(z.object({ id: recordId })),
  properties: z.array(z.string()).default([]),
  idProperty: z.string().optional(),
});
const batchCreate = z.object({ inputs: z.array(newRecord) });

/** Reads and creates of many records at once. */
export function addBatchRoutes(app: FastifyInstance, version: ApiVersion): void {
  const objects = `${version.objects}/:objectType`;

  app.post(`${objects}/batch/read`, (request, reply) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    const body = readInputs(request, batchRead);
    const find = finder(account, type, body.idProperty, queryFlag(request, "archived"));
    const ids = [...new Set(body.inputs.map(({ id }) => id))];
    const records = new Set(ids.flatMap((id) => find(id) ?? []));
    const outcome = {
      results: [...records].map((record) => recordToWire(account, record, { properties: body.properties })),
      errors: missingObjects(
        type,
        ids.filter((id) => !find(id)),
      ),
    };
    return reply.code(batchStatus(outcome, 200)).send(batchBody(account, outcome));
  });

  app.post(`${objects}/batch/create`, (request, reply) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    const { inputs } = readInputs(request, batchCreate);
    const records = createAllOrNone(account, type, inputs, version);
    const results = records.map((record) => createdRecordToWire(account, record));
    return reply.code(201).send(batchBody(account, { results, errors: [] }));
  });
}

function readInputs<Body extends { inputs: readonly unknown[] }>(
  request: FastifyRequest,
  schema: z.ZodType<Body>,
): Body {
  const body = readBody(request, schema);
  if (body.inputs.length > MAX_INPUTS) {
    throw validationError(`The maximum number of inputs in a batch request is ${MAX_INPUTS}.`);
  }
  return body;
}

function finder(account: HubSpotAccount, type: ObjectType, idProperty: string | undefined, archived: boolean) {
  const byEmail = isByEmail(type, idProperty);
  return (id: string): StoredRecord | undefined => {
    const record = byEmail ? account.findContactByEmail(id) : account.get(type, id);
    return record && (record.archivedAt !== null) === archived ? record : undefined;
  };
}

/** Creates all records or none. Throws the first refusal, after it has erased the records created before. */
function createAllOrNone(
  account: HubSpotAccount,
  type: ObjectType,
  drafts: readonly RecordDraft[],
  version: ApiVersion,
): StoredRecord[] {
  const created: StoredRecord[] = [];
  try {
    for (const draft of drafts) created.push(createRecord(account, type, draft, version));
  } catch (error) {
    for (const record of created.reverse()) account.erase(record);
    throw error;
  }
  return created;
}
