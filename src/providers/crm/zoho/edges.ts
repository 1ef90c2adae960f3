import { CrmError } from "../../../errors/crm-error.js";
import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import { edgesFrom } from "../../kit/resource-kit.js";
import { ask, everyPage, queryRows, type Answer } from "./api.js";
import { linked } from "./dialect.js";
import { isId, quoted } from "./query.js";

/** The most contacts in one query, and the most rows of its answer. */
const [EDGE_BATCH, ROWS] = [50, 2000];
type Pair = [contact: string, record: string];

/** Records that refer to contacts by a lookup, as ids of contact and record. */
async function referring(context: ProviderContext, module: string, lookup: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const where = `${lookup} in (${ids.map(quoted).join(", ")})`;
  const found = await everyPage((page) => {
    const rows = `order by id limit ${ROWS} offset ${(page - 1) * ROWS}`;
    return queryRows(context, `select ${lookup} from ${module} where ${where} ${rows}`);
  });
  return found.flatMap(({ data = [] }) => data.map((row): Pair => [linked(row[lookup])!.id, String(row["id"])]));
}

/** The meetings to which a contact is invited. No query answers these. */
async function invitations(context: ProviderContext, id: string): Promise<Pair[]> {
  const found = await everyPage((page) => {
    const request = { method: "GET", path: `/Contacts/${id}/Invited_Events`, query: { fields: "id", page } } as const;
    return ask(context, request).catch((error: unknown): Answer => {
      // If Zoho knows no such list or no such contact, there are no invitations.
      if (error instanceof CrmError && [400, 404].includes(error.details.upstream?.status ?? 0)) return {};
      throw error;
    });
  });
  return found.flatMap(({ data = [] }) => data.map((event): Pair => [id, String(event["id"])]));
}

function contactEdge(load: (context: ProviderContext, ids: readonly string[]) => Promise<Pair[]>): EdgeLoader {
  return {
    batchSize: EDGE_BATCH,
    load: async (context, nativeIds) => edgesFrom(await load(context, nativeIds.filter(isId))),
  };
}

export const contactMeetings = contactEdge(async (context, ids) => {
  const withThem = referring(context, "Events", "Who_Id", ids);
  return (await Promise.all([withThem, ...ids.map((id) => invitations(context, id))])).flat();
});

export const contactLeads = contactEdge((context, ids) => referring(context, "Leads", "Converted_Contact", ids));
