import type { ResourceName } from "../../contract/model.js";
import type { Reading, ResourceCalls, WriteAnswers } from "../../kit/resource-rules.js";
import { IDS_MAX, readRows, write } from "./api.js";
import type { Module } from "./dialect.js";
import { matchingPage, pageById } from "./paging.js";
import { isId, type Criteria } from "./query.js";

const TIMES = ["Created_Time", "Modified_Time"];
/** Zoho answers a write with the id and the times of the record. */
export const answers: WriteAnswers = {
  holds: (name) => TIMES.includes(name),
  hasAll: (details) => TIMES.every((name) => name in details),
};

const PARTS = ["$se_module", "$event_cancelled"] as const;

export function moduleCalls<Resource extends ResourceName>(module: Module): ResourceCalls<Resource, Criteria> {
  const path = `/${module}`;
  return {
    batchSize: IDS_MAX,
    isId,
    list(context, query) {
      const fields = namesOf(query.reading);
      return query.conditions.length > 0 || query.order
        ? matchingPage(context, module, fields, query)
        : pageById(context, module, fields, query);
    },
    read: (context, ids, reading) => readRows(context, module, ids, namesOf(reading)),
    async create(context, native) {
      const record = await write(context, { method: "POST", path, json: { data: [native] } });
      return { id: record.id, record };
    },
    update: (context, id, native) => write(context, { method: "PUT", path: `${path}/${id}`, json: { data: [native] } }),
    async delete(context, id) {
      await write(context, { method: "DELETE", path: `${path}/${id}` });
    },
  };
}

function namesOf({ fields, needs }: Reading): string[] {
  return [...fields, ...PARTS.filter((part) => needs(part))];
}
