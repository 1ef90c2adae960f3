import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pathParameter, queryList } from "../../kit/request.js";
import type { Module, Row, ZohoAccount } from "./account.js";
import { invalidData, invalidUrl, RecordFault, UNKNOWN_ID, ZohoError } from "./errors.js";
import { askedFields, visible } from "./list-routes.js";
import { allNames, viewRecord } from "./record-view.js";
import { createRecord, deleteRecord, updateRecord, type Written } from "./record-writes.js";
import { accountOf, bodyRecords, moduleOf } from "./request.js";

const MAX_RECORDS = 100;

/** Adds reads of one record, writes, and the list of meetings to which a contact or lead is invited. */
export function addRecordRoutes(app: FastifyInstance, path: string): void {
  app.get(`${path}/actions/count`, (request) => ({
    count: visible(request, moduleOf(request).table.all()).length,
  }));

  app.get(`${path}/:id`, (request, reply) => {
    const account = accountOf(request);
    const { table, fields } = moduleOf(request);
    const row = table.get(pathParameter(request, "id"));
    const asked = queryList(request, "fields");
    if (row) return { data: [viewRecord(account, fields, row, asked.length > 0 ? asked : allNames(fields))] };
    if (account.isStrict) throw new ZohoError(400, "INVALID_DATA", UNKNOWN_ID);
    return reply.code(204).send();
  });

  app.get(`${path}/:id/:relatedList`, (request, reply) => {
    const account = accountOf(request);
    const type = moduleOf(request).name === "Leads" ? "lead" : "contact";
    if (pathParameter(request, "relatedList") !== "Invited_Events") throw invalidUrl();
    const asked = askedFields(request);
    const id = pathParameter(request, "id");
    const events = account.module("Events")!;
    const invited = events.table.all().filter(({ values }) => isInvited(values, type, id));
    if (invited.length === 0) return reply.code(204).send();
    return {
      data: invited.map((row) => viewRecord(account, events.fields, row, asked)),
      info: { per_page: 200, count: invited.length, page: 1, more_records: false },
    };
  });

  app.post(path, (request, reply) => {
    const { account, module } = target(request);
    const written = limited(request).map((body) => outcome(account, () => createRecord(account, module, body)));
    return answer(reply, account, written, 201);
  });

  app.put(`${path}/:id`, (request, reply) => {
    const { account, module } = target(request);
    const id = existing(account, module, pathParameter(request, "id"));
    const [body = {}] = bodyRecords(request);
    return answer(reply, account, [outcome(account, () => updateRecord(account, module, id, body))], 200);
  });

  app.delete(`${path}/:id`, (request, reply) => {
    const { account, module } = target(request);
    const id = existing(account, module, pathParameter(request, "id"));
    return answer(reply, account, [outcome(account, () => deleteRecord(module, id))], 200);
  });

  app.delete(path, (request, reply) => {
    const { account, module } = target(request);
    const written = queryList(request, "ids").map((id) => outcome(account, () => deleteRecord(module, id)));
    return answer(reply, account, written, 200);
  });
}

interface Outcome {
  isSuccess: boolean;
  element: object | string;
}

function target(request: FastifyRequest): { account: ZohoAccount; module: Module } {
  return { account: accountOf(request), module: moduleOf(request) };
}

function limited(request: FastifyRequest) {
  const records = bodyRecords(request);
  if (records.length <= MAX_RECORDS) return records;
  throw invalidData({ api_name: "data", maximum_length: MAX_RECORDS });
}

/**
 * Checks the id in the path. For an unknown id, strict accounts refuse the whole request, and others refuse its record.
 */
function existing(account: ZohoAccount, module: Module, id: string): string {
  if (account.isStrict && !module.table.get(id)) throw new ZohoError(400, "INVALID_DATA", UNKNOWN_ID);
  return id;
}

function outcome(account: ZohoAccount, write: () => Written): Outcome {
  try {
    const { row, message } = write();
    return { isSuccess: true, element: { code: "SUCCESS", details: stamps(account, row), message, status: "success" } };
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    return { isSuccess: false, element: error.body };
  }
}

function stamps({ clock, currentUser }: ZohoAccount, row: Row) {
  const user = { name: `${currentUser.firstName} ${currentUser.lastName}`, id: currentUser.id };
  return {
    Modified_Time: clock.write(row.modifiedAt),
    Modified_By: user,
    Created_Time: clock.write(row.createdAt),
    id: row.id,
    Created_By: user,
    $approval_state: "approved",
  };
}

/** Sends successes and failures in one answer. Sources disagree on its status. */
function answer(reply: FastifyReply, account: ZohoAccount, outcomes: readonly Outcome[], success: number) {
  const failed = outcomes.filter(({ isSuccess }) => !isSuccess).length;
  const allFailed = account.isStrict ? 400 : 202;
  const status = failed === 0 ? success : failed === outcomes.length ? allFailed : 207;
  return reply.code(status).send({ data: outcomes.map(({ element }) => element) });
}

function isInvited(values: Row["values"], type: string, id: string): boolean {
  const participants = (values["Participants"] ?? []) as { type: string; participant: string }[];
  return participants.some((one) => one.type === type && one.participant === id);
}
