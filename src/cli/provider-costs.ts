import type { ResourceAdapter } from "../providers/contract/contract.js";
import type { Cost } from "../providers/contract/cost.js";
import type { EdgeName } from "../providers/contract/model.js";

/** Number of records for which a provider's page shows the calls. */
const RECORDS = 100;

/** The most upstream calls of reads of a resource, and what they take for granted, for a provider's page. */
export function costList(adapter: ResourceAdapter): string[] {
  const { cost, edges } = adapter;
  const select = new Set<string>();
  const list = cost.list({ filter: {}, orderBy: null, limit: RECORDS, select });
  const page = list.calls + ((list.reads ?? 1) - 1) * (list.continued ?? list.calls);
  const byId = inBatches(adapter.batchSize(select), (ids) => cost.get(ids, select));
  const linked = (Object.keys(edges) as EdgeName[]).flatMap((edge) => {
    const load = cost.edges[edge];
    return load ? [described(`\`${edge}\` of ${RECORDS} records`, inBatches(edges[edge]!.batchSize, load))] : [];
  });
  const { byEmails } = adapter;
  const search = byEmails
    ? [described(`a search by ${byEmails.batchSize} e-mail addresses`, cost.byEmails!(byEmails.batchSize, select))]
    : [];
  return [
    `- **Calls at most**: ${[`a page of ${RECORDS}: ${page}`, described(`${RECORDS} by id`, byId), ...linked, ...search].join("; ")}`,
  ];
}

/** The cost of reading all records in batches of at most this size. */
function inBatches(size: number, costOf: (records: number) => Cost): Cost {
  let calls = 0;
  let assumption: string | undefined;
  for (let rest = RECORDS; rest > 0; rest -= size) {
    const cost = costOf(Math.min(rest, size));
    calls += cost.calls;
    assumption ??= cost.assumption;
  }
  return assumption === undefined ? { calls } : { calls, assumption };
}

function described(what: string, { calls, assumption }: Cost): string {
  return `${what}: ${calls}${assumption === undefined ? "" : ` (${assumption.replace(/\.$/, "")})`}`;
}
