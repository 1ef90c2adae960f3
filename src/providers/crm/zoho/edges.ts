import { CrmError } from "../../../errors/crm-error.js";
import type { ProviderContext } from "../../contract/contract.js";
import { edgesOfMany } from "../../kit/edges.js";
import { pageOf, referringBy, row, type Row, type ZohoPage } from "./answers.js";
import { askPage, everyPage, queryRows } from "./api.js";
import { linked } from "./dialect.js";
import { isId, quoted } from "./query.js";

/** Maximum numbers of contacts in one query, and of rows in its response. */
const [EDGE_BATCH, ROWS] = [50, 2000];
type Pair = [contact: string, record: string];

/** Reads the records that refer to contacts by a lookup field, as pairs of contact id and record id. */
async function referring(context: ProviderContext, module: string, lookup: string, ids: readonly string[]) {
  const where = `${lookup} in (${ids.map(quoted).join(", ")})`;
  const found = await everyPage((page) => {
    const rows = `order by id limit ${ROWS} offset ${(page - 1) * ROWS}`;
    return queryRows(context, `select ${lookup} from ${module} where ${where} ${rows}`, referringBy(lookup));
  });
  return found.map((one): Pair => [linked(one[lookup])!.id, String(one.id)]);
}

/** Reads the meetings to which a contact is invited. Queries (COQL) cannot find them. */
async function invitations(context: ProviderContext, id: string): Promise<Pair[]> {
  const found = await everyPage((page) => {
    const request = { method: "GET", path: `/Contacts/${id}/Invited_Events`, query: { fields: "id", page } } as const;
    return askPage(context, request, pageOf(row)).catch((error: unknown): ZohoPage<Row> => {
      // If Zoho knows no such list or no such contact, there are no invitations.
      if (error instanceof CrmError && [400, 404].includes(error.details.upstream?.status ?? 0))
        return { records: [], hasMore: false };
      throw error;
    });
  });
  return found.map((event): Pair => [id, String(event.id)]);
}

const people = { batchSize: EDGE_BATCH, isId };

export const contactMeetings = edgesOfMany(people, async (context, ids) => {
  const withThem = referring(context, "Events", "Who_Id", ids);
  return (await Promise.all([withThem, ...ids.map((id) => invitations(context, id))])).flat();
});

export const contactLeads = edgesOfMany(people, (context, ids) =>
  referring(context, "Leads", "Converted_Contact", ids),
);
