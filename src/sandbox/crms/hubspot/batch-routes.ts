import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { HubSpotAccount, StoredRecord } from "./account.js";
import {
  batchBody,
  batchStatus,
  missingObjects,
  type TracedInput,
  writeAllOrNone,
  writeBatch,
  type Written,
  type WrittenInput,
} from "./batch.js";
import { validationError } from "./errors.js";
import type { ObjectType } from "./object-types.js";
import { isByEmail, newRecord, OBJECTS, recordId, writtenProperties } from "./object-routes.js";
import { recordToWire } from "./record-view.js";
import { archiveRecord, createRecord, type RecordDraft, updateRecord } from "./record-writes.js";
import { accountOf, objectTypeParameter, queryFlag, readBody } from "./request.js";

const MAX_INPUTS = 100;

const objectWriteTraceId = z.string().optional();
const idProperty = z.string().optional();
const properties = writtenProperties;

const batchRead = z.object({
  inputs: z.array(z.object({ id: recordId })),
  properties: z.array(z.string()).default([]),
  idProperty,
});
const batchCreate = z.object({ inputs: z.array(newRecord.extend({ objectWriteTraceId })) });
const batchUpdate = z.object({
  inputs: z.array(z.object({ id: recordId, idProperty, properties, objectWriteTraceId })),
});
/** No trace ids: an upsert by e-mail never goes through in part. */
const batchUpsert = z.object({ inputs: z.array(z.object({ id: recordId, idProperty, properties })) });
const batchArchive = z.object({ inputs: z.array(z.object({ id: recordId })) });

export function addBatchRoutes(app: FastifyInstance): void {
  app.post(`${OBJECTS}/batch/read`, (request, reply) => {
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

  app.post(`${OBJECTS}/batch/create`, (request, reply) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    const { inputs } = readInputs(request, batchCreate);
    const { results, errors } = writeBatch(inputs, (input) => undoableCreate(account, type, input));
    const outcome = { results: results.map((written) => writtenToWire(account, written)), errors };
    return reply.code(batchStatus(outcome, 201)).send(batchBody(account, outcome));
  });

  app.post(`${OBJECTS}/batch/update`, (request, reply) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    const { inputs } = readInputs(request, batchUpdate);
    const find = (input: (typeof inputs)[number]) => finder(account, type, input.idProperty, false)(input.id);
    const missing = inputs.filter((input) => !find(input));
    const { results, errors } = writeBatch(
      inputs.filter((input) => !missing.includes(input)),
      (input) => undoableUpdate(account, find(input)!, input.properties),
    );
    const outcome = {
      results: results.map((written) => writtenToWire(account, written)),
      errors: [
        ...errors,
        ...missingObjects(
          type,
          missing.map(({ id }) => id),
        ),
      ],
    };
    return reply.code(batchStatus(outcome, 200)).send(batchBody(account, outcome));
  });

  app.post(`${OBJECTS}/batch/upsert`, (request) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    const { inputs } = readInputs(request, batchUpsert);
    const before = new Set(account.all(type, false).map(({ id }) => id));
    const written = writeAllOrNone(inputs, (input) => upsert(account, type, input));
    const results = written.map((one) => ({ ...writtenToWire(account, one), new: !before.has(one.record.id) }));
    return batchBody(account, { results, errors: [] });
  });

  app.post(`${OBJECTS}/batch/archive`, (request, reply) => {
    const account = accountOf(request);
    const type = objectTypeParameter(request);
    for (const { id } of readInputs(request, batchArchive).inputs) {
      const record = account.findLive(type, id);
      if (record) archiveRecord(account, record);
    }
    return reply.code(204).send();
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

function undoableCreate(account: HubSpotAccount, type: ObjectType, draft: RecordDraft): Written {
  const record = createRecord(account, type, draft);
  return { record, undo: () => account.erase(record) };
}

function undoableUpdate(account: HubSpotAccount, before: StoredRecord, written: RecordDraft["properties"]): Written {
  return { record: updateRecord(account, before, written), undo: () => account.put(before) };
}

/** By e-mail, the one unique property there is. */
function upsert(
  account: HubSpotAccount,
  type: ObjectType,
  input: z.output<typeof batchUpsert>["inputs"][number],
): Written {
  if (!isByEmail(type, input.idProperty)) throw validationError("An upsert needs the idProperty of a unique property");
  const existing = account.findContactByEmail(input.id);
  if (existing) return undoableUpdate(account, existing, input.properties);
  return undoableCreate(account, type, { properties: { email: input.id, ...input.properties } });
}

function writtenToWire(
  account: HubSpotAccount,
  { input, record }: WrittenInput<TracedInput & { properties: Record<string, unknown> }>,
): Record<string, unknown> {
  const properties = [...record.type.defaultProperties, ...Object.keys(input.properties)];
  const { objectWriteTraceId } = input;
  return {
    ...recordToWire(account, record, { properties }),
    ...(objectWriteTraceId === undefined ? {} : { objectWriteTraceId }),
  };
}
