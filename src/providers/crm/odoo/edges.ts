import type { EdgeLoader } from "../../contract/contract.js";
import type { NativeRecord } from "../../contract/field-map.js";
import { edgesFrom } from "../../kit/resource-kit.js";
import { isManyToOne, readReference, readReferences, recordId } from "./dialect.js";
import type { Domain } from "./query.js";
import { searchRead } from "./search-read.js";

/** Odoo has no limit of its own; a contact may have many records, so fewer contacts go into one call than records do. */
const BATCH_MAX = 200;

/** The records of a model that name a contact, in a many2one or an x2many. */
export function recordsNaming(model: string, field: string, condition: Domain): EdgeLoader {
  return {
    batchSize: BATCH_MAX,
    async load(context, nativeIds) {
      const ids = nativeIds.map(recordId).filter((id) => id !== null);
      if (ids.length === 0) return new Map();
      const domain: Domain = [[field, "in", ids], ...condition];
      const records = await searchRead(context, model, domain, { fields: [field], order: "id asc" });
      const asked = new Set(nativeIds);
      const namedIn = (value: unknown) => (isManyToOne(value) ? [readReference(value)!] : readReferences(value));
      const contactsOf = (record: NativeRecord) => namedIn(record[field]).filter((id) => asked.has(id));
      return edgesFrom(records.flatMap((record) => contactsOf(record).map((id) => [id, String(record.id)] as const)));
    },
  };
}
