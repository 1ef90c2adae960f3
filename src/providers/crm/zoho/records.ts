import type { AdapterRequest, ProviderContext } from "../../contract/contract.js";
import type { ResourceName } from "../../contract/model.js";
import { membersOf, newId } from "../../kit/answer.js";
import type { Reading, ResourceCalls } from "../../kit/resource-rules.js";
import { ask, IDS_MAX, readRows } from "./api.js";
import { PROVIDER_NAME, type Module } from "./dialect.js";
import { matchingPage, pageById } from "./paging.js";
import { isId, type Criteria } from "./query.js";

const PARTS = ["$se_module", "$event_cancelled"] as const;

export function moduleCalls<Resource extends ResourceName>(module: Module): ResourceCalls<Resource, Criteria> {
  const path = `/${module}`;
  const written = async (context: ProviderContext, request: Omit<AdapterRequest, "safe">) => {
    const { data } = await ask(context, request, false);
    return membersOf(data?.[0]?.["details"])["id"];
  };

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
      return newId(PROVIDER_NAME, await written(context, { method: "POST", path, json: { data: [native] } }));
    },
    async update(context, id, native) {
      await written(context, { method: "PUT", path: `${path}/${id}`, json: { data: [native] } });
    },
    async delete(context, id) {
      await written(context, { method: "DELETE", path: `${path}/${id}` });
    },
  };
}

function namesOf({ fields, needs }: Reading): string[] {
  return [...fields, ...PARTS.filter((part) => needs(part))];
}
