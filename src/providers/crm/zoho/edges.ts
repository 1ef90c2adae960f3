import { CrmError } from "../../../errors/crm-error.js";
import type { EdgeLoader, ProviderContext } from "../../contract/contract.js";
import { edgesOfMany } from "../../kit/edges.js";
import { pageOf, referringBy, row, type Row, type ZohoPage } from "./answers.js";
import { askPage, everyPage, queryRows } from "./api.js";
import { linked } from "./dialect.js";
import { isId, quoted } from "./query.js";

/** Maximum numbers of contacts in one query, and of rows in its response. */
const [EDGE_BATCH, ROWS] = [50, 2000];
/** Zoho's code for a token without the scope of a call. */
const SCOPE_MISSING = "OAUTH_SCOPE_MISMATCH";
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
async function invitations(context: ProviderContext, id: string, refused: () => void): Promise<Pair[]> {
  const found = await everyPage((page) => {
    const request = { method: "GET", path: `/Contacts/${id}/Invited_Events`, query: { fields: "id", page } } as const;
    return askPage(context, request, pageOf(row)).catch((error: unknown): ZohoPage<Row> => {
      // If Zoho knows no such list or no such contact, there are no invitations.
      if (error instanceof CrmError && [400, 404].includes(error.details.upstream?.status ?? 0))
        return { records: [], hasMore: false };
      if (error instanceof CrmError && error.details.upstream?.code === SCOPE_MISSING) {
        refused();
        return { records: [], hasMore: false };
      }
      throw error;
    });
  });
  return found.map((event): Pair => [id, String(event.id)]);
}

const people = { batchSize: EDGE_BATCH, isId };

/**
 * The meetings with contacts, and those to which they are invited. Zoho documents related lists with the scope of all
 * modules only, for which crmesh does not ask: if it refuses them, the edges say that they are not complete.
 */
export const contactMeetings: EdgeLoader = {
  batchSize: EDGE_BATCH,
  async load(context, nativeIds) {
    let isRefused = false;
    const loader = edgesOfMany(people, async (_context, ids) => {
      const withThem = referring(context, "Events", "Who_Id", ids);
      const invited = ids.map((id) => invitations(context, id, () => (isRefused = true)));
      return (await Promise.all([withThem, ...invited])).flat();
    });
    const found = await loader.load(context, nativeIds);
    if (!isRefused) return found;
    return new Map(nativeIds.map((id) => [id, { ids: found.get(id)?.ids ?? [], complete: false }]));
  },
};

export const contactLeads = edgesOfMany(people, (context, ids) =>
  referring(context, "Leads", "Converted_Contact", ids),
);
