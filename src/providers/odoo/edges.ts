import type { EdgeLoader } from "../contract.js";
import { isManyToOne, readReference, readReferences, recordId } from "./dialect.js";
import type { Domain } from "./domain.js";
import { searchRead } from "./queries.js";

/** Odoo has no limit of its own; a contact may have many records, so fewer contacts go into one call than records do. */
const BATCH_MAX = 200;

/** The records of a model that name a contact, in a many2one or an x2many. */
export function recordsNaming(model: string, field: string, condition: Domain): EdgeLoader {
  return {
    batchSize: BATCH_MAX,
    async load(context, nativeIds) {
      const ids = nativeIds.map(recordId).filter((id) => id !== null);
      const edges = new Map<string, { ids: string[]; complete: boolean }>();
      if (ids.length === 0) return edges;
      const domain: Domain = [[field, "in", ids], ...condition];
      const records = await searchRead(context, model, domain, { fields: [field], order: "id asc" });
      const asked = new Set(nativeIds);
      for (const record of records) {
        const value = record[field];
        const named = isManyToOne(value) ? [readReference(value)!] : readReferences(value);
        for (const id of named.filter((each) => asked.has(each))) {
          const edge = edges.get(id) ?? { ids: [], complete: true };
          edge.ids.push(String(record.id));
          edges.set(id, edge);
        }
      }
      return edges;
    },
  };
}
