import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { emptyBody, id as entityId } from "../../../upstream/decode.js";
import type { UpstreamResponse } from "../../../upstream/request.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { afterwards, inChunks } from "../../kit/adapter-kit.js";
import { writeAnswer, type WriteAnswer } from "../../kit/rest.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { Reading, ResourceCalls, ResourceRules } from "../../kit/resource-rules.js";
import { rowWith, stateOf } from "./answers.js";
import { memberAt } from "../../mapping/members.js";
import { ANNOTATIONS, API, IDS_MAX, isAnyOf, queryPath, readAll, readPage } from "./api.js";
import { columnsOf, customFields } from "./definitions.js";
import { isGuid, PROVIDER_NAME } from "./dialect.js";
import { namesOf } from "./lookups.js";

interface TableRules {
  /** Rows that do not meet this condition are no records. */
  where?: string;
  /** Rows that do not meet this condition are read by id only. */
  listedWhere?: string;
  /** States in which records can be changed. */
  open: readonly number[];
  /** The unified status that the CRM gives every new record. */
  initialStatus?: string;
}

/** Columns of related rows. One level only: pages cut off the rows of a deeper level. */
const EXPANSIONS = {
  $currency: "transactioncurrencyid($select=isocurrencycode)",
  $parties:
    "appointment_activity_parties($select=participationtypemask,addressused,unresolvedpartyname,_partyid_value)",
} as const;
const PARTS = Object.keys(EXPANSIONS) as (keyof typeof EXPANSIONS)[];

/** The calls of one table. Source: learn.microsoft.com, "Use the Microsoft Dataverse Web API". */
function tableCalls<Resource extends ResourceName>(
  { nativeName, identity }: FieldMap<Resource>,
  { where, listedWhere, open, initialStatus }: TableRules,
): ResourceCalls<Resource, string> {
  const set = `${nativeName}s`;
  const key = identity[0]!;
  const row = rowWith(key);
  const columns = ({ fields, needs }: Reading) => ({
    $select: fields.join(","),
    $expand: PARTS.flatMap((part) => (needs(part) ? EXPANSIONS[part] : [])).join(","),
  });

  async function read(context: ProviderContext, ids: readonly string[], reading: Reading): Promise<NativeRecord[]> {
    const { $filter, ...aliases } = isAnyOf(key, ids);
    return readAll(
      context,
      set,
      {
        ...columns(reading),
        $filter: where ? `${$filter} and ${where}` : $filter,
        ...aliases,
      },
      row,
    );
  }

  /** Without If-Match a PATCH would create a missing record. */
  async function patch(
    context: ProviderContext,
    id: string,
    json: NativeRecord,
    answer: Reading | null,
  ): Promise<NativeRecord | null> {
    const response = await write(context, {
      method: "PATCH",
      path: `${API}/${set}(${id})`,
      headers: { "if-match": "*", ...preferring(answer) },
      json,
    });
    if (answer) return rowIn(response, 200);
    writeAnswer(response, NO_CONTENT);
    return null;
  }

  /** The row that Dataverse answers to a write. Null if it answers none: it may ignore a preference. */
  function rowIn(response: UpstreamResponse, status: number): NativeRecord | null {
    return response.status === NO_CONTENT.status ? null : writeAnswer(response, { status, body: row });
  }

  async function isClosed(context: ProviderContext, id: string): Promise<boolean> {
    const [found] = await readAll(context, set, { $select: "statecode", $filter: `${key} eq ${id}` }, stateOf);
    return found !== undefined && !open.includes(found.statecode);
  }
  return {
    batchSize: IDS_MAX,
    isId: isGuid,
    idOf: (native) => String(native[key]),
    async list(context, { conditions, order, limit, cursor, reading }) {
      const wanted = columns(reading);
      const all = [...conditions, where, listedWhere].filter((condition) => condition !== undefined);
      const $filter = all.map((condition) => `(${condition})`).join(" and ");
      const by = order ? { $orderby: `${order.field} ${order.direction.toLowerCase()},${key} asc` } : {};
      const path = cursor ?? queryPath(set, { ...wanted, $filter, ...by });
      if (!path.startsWith(`${API}/${set}?`))
        throw invalidInput({
          after:
            "This cursor does not belong to this list. Use it with the same connection, filter and order, or omit `after`.",
        });
      const page = await readPage(context, path, row, limit);
      const made = new URLSearchParams(path.split("?")[1]);
      const columnsOfPage = made.get("$select");
      const hasColumns = columnsOfPage === null || columnsOfPage === wanted.$select;
      const fits = hasColumns && (made.get("$expand") ?? "") === wanted.$expand;
      if (fits || page.records.length === 0) return page;
      // The link to the next page repeats the columns of the first page. If the caller now selects others, the rows
      // are read again.
      const ids = page.records.map((record) => memberAt(record, key, entityId));
      const rows = await inChunks(ids, IDS_MAX, (some) => read(context, some, reading));
      const again = new Map(rows.map((record) => [record[key], record]));
      return { records: ids.map((id) => again.get(id)).filter((record) => record !== undefined), next: page.next };
    },
    read,
    async create(context, { statecode, statuscode, ...json }, { input, answer }) {
      const request = { method: "POST", path: `${API}/${set}`, headers: preferring(answer), json } as const;
      const response = await write(context, request);
      const record = answer && rowIn(response, 201);
      const id = record ? memberAt(record, key, entityId).toLowerCase() : newIdIn(response);
      if (statecode !== undefined && (!("status" in input) || input.status !== initialStatus)) {
        const detail = `The ${nativeName} ${id} was created, but its status was not set.`;
        await afterwards(() => patch(context, id, { statecode, statuscode }, null), detail);
      }
      return { id, record };
    },
    async update(context, id, { statecode, statuscode, ...json }, { answer }) {
      const status = statecode === undefined ? null : { statecode, statuscode };
      const steps = [Object.keys(json).length > 0 || !status ? json : null, status].filter((step) => step !== null);
      // A closed record accepts no change until it is opened again.
      if (steps.length > 1 && open.includes(Number(statecode)) && (await isClosed(context, id))) steps.reverse();
      const record = await patch(context, id, steps[0]!, answer);
      const second = steps[1];
      if (second)
        await afterwards(() => patch(context, id, second, null), "Only a part of the update was carried out.");
      return record;
    },
    async delete(context, id) {
      writeAnswer(await write(context, { method: "DELETE", path: `${API}/${set}(${id})` }), NO_CONTENT);
    },
  };
}

type Write = Pick<Parameters<ProviderContext["send"]>[0], "method" | "path" | "headers" | "json">;

/**
 * Asks for the whole row as the answer to a write. Its columns are not named: whether Dataverse refuses an unknown one before it
 * carries the write out is not documented. Source: learn.microsoft.com, "Create a table row using the Web API", which says
 * that such an answer ignores `$expand`.
 */
const preferring = (answer: Reading | null): Record<string, string> =>
  answer ? { prefer: `return=representation,${ANNOTATIONS}` } : {};

const NO_CONTENT: WriteAnswer<string> = { status: 204, body: emptyBody };

/** The id of the new record, which an answer without a body names in a header. */
function newIdIn(response: UpstreamResponse): string {
  writeAnswer(response, NO_CONTENT);
  const id = /\(([0-9a-f-]{36})\)$/.exec(String(response.headers["odata-entityid"]).toLowerCase())?.[1];
  if (id === undefined) throw response.body.unexpected("Dataverse’s response does not name the new record.");
  return id;
}

async function write(context: ProviderContext, { headers, ...request }: Write): Promise<UpstreamResponse> {
  const detects = context.setting("duplicateDetection") === "on" ? { "mscrm.suppressduplicatedetection": "false" } : {};
  const all = { "odata-version": "4.0", "odata-maxversion": "4.0", ...headers, ...detects };
  try {
    return await context.send({ ...request, headers: all, safe: false });
  } catch (error) {
    const isRefusal =
      error instanceof CrmError && error.code === "PROVIDER_ERROR" && error.details.upstream?.status === 400;
    if (!isRefusal) throw error;
    const detail = `${PROVIDER_NAME} refused the record without naming a field. A closed record, for example, cannot be changed.`;
    throw new CrmError("INVALID_INPUT", { detail, ...error.details, errors: {} });
  }
}

/** A table of Dataverse as one of crmesh's resources. */
export const tableAdapter = <Resource extends ResourceName>(
  map: FieldMap<Resource>,
  table: TableRules,
  { lookups = [], ...more }: Partial<ResourceRules<Resource, string>> & Pick<ResourceRules<Resource, string>, "cost">,
) =>
  resourceAdapter<Resource, string>({
    map,
    calls: tableCalls(map, table),
    // Parts of related rows are not in the answer to a write. A status is written by a request of its own.
    answers: { holds: (name, { writes }) => !name.startsWith("$") && !writes.has("statecode"), isWhole: true },
    customFields: (context) => customFields(context, map.nativeName),
    columns: columnsOf(map.nativeName),
    lookups: [...namesOf(map.nativeName), ...lookups],
    ...more,
  });

/** The unified model has no meetings without a start. */
export const appointments: TableRules = { where: "scheduledstart ne null", open: [0, 3], initialStatus: "SCHEDULED" };
