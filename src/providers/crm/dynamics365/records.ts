import { CrmError, invalidInput } from "../../../errors/crm-error.js";
import { emptyBody, id } from "../../../upstream/decode.js";
import type { ProviderContext } from "../../contract/contract.js";
import type { FieldMap, NativeRecord } from "../../contract/field-map.js";
import type { ResourceName } from "../../contract/model.js";
import { afterwards } from "../../kit/adapter-kit.js";
import { writeAnswer } from "../../kit/rest.js";
import { resourceAdapter } from "../../kit/resource-kit.js";
import type { Reading, ResourceCalls, ResourceRules } from "../../kit/resource-rules.js";
import { rowWith, stateOf } from "./answers.js";
import { memberAt } from "../../mapping/members.js";
import { API, IDS_MAX, isAnyOf, queryPath, readAll, readPage } from "./api.js";
import { customFields } from "./definitions.js";
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
  const pathOf = (id: string) => `${API}/${set}(${id})`;
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
  const patch = (context: ProviderContext, id: string, json: NativeRecord) =>
    write(context, { method: "PATCH", path: pathOf(id), headers: { "if-match": "*" }, json });

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
      const fits = made.get("$select") === wanted.$select && (made.get("$expand") ?? "") === wanted.$expand;
      if (fits || page.records.length === 0) return page;
      // The link to the next page repeats the columns of the first page. If the caller now selects others, the rows
      // are read again.
      const ids = page.records.map((record) => memberAt(record, key, id));
      const again = new Map((await read(context, ids, reading)).map((record) => [record[key], record]));
      return { records: ids.map((id) => again.get(id)).filter((record) => record !== undefined), next: page.next };
    },
    read,
    async create(context, { statecode, statuscode, ...json }, { input }) {
      const { headers, body } = await write(context, { method: "POST", path: `${API}/${set}`, json });
      const id = /\(([0-9a-f-]{36})\)$/.exec(String(headers["odata-entityid"]).toLowerCase())?.[1];
      if (id === undefined) throw body.unexpected("Dataverse’s response does not name the new record.");
      if (statecode !== undefined && (!("status" in input) || input.status !== initialStatus)) {
        const detail = `The ${nativeName} ${id} was created, but its status was not set.`;
        await afterwards(() => patch(context, id, { statecode, statuscode }), detail);
      }
      return id;
    },
    async update(context, id, { statecode, statuscode, ...json }) {
      const status = statecode === undefined ? null : { statecode, statuscode };
      const steps = [Object.keys(json).length > 0 || !status ? json : null, status].filter((step) => step !== null);
      // A closed record accepts no change until it is opened again.
      if (steps.length > 1 && open.includes(Number(statecode)) && (await isClosed(context, id))) steps.reverse();
      await patch(context, id, steps[0]!);
      const second = steps[1];
      if (second) await afterwards(() => patch(context, id, second), "Only a part of the update was carried out.");
    },
    delete: async (context, id) => void (await write(context, { method: "DELETE", path: pathOf(id) })),
  };
}

type Write = Pick<Parameters<ProviderContext["send"]>[0], "method" | "path" | "headers" | "json">;

async function write(context: ProviderContext, { headers, ...request }: Write) {
  const detects = context.setting("duplicateDetection") === "on" ? { "mscrm.suppressduplicatedetection": "false" } : {};
  const all = { "odata-version": "4.0", "odata-maxversion": "4.0", ...headers, ...detects };
  try {
    const response = await context.send({ ...request, headers: all, safe: false });
    writeAnswer(response, { status: 204, body: emptyBody });
    return response;
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
    customFields: (context) => customFields(context, map.nativeName),
    lookups: [...namesOf(map.nativeName), ...lookups],
    ...more,
  });

/** The unified model has no meetings without a start. */
export const appointments: TableRules = { where: "scheduledstart ne null", open: [0, 3], initialStatus: "SCHEDULED" };
