import type { ProviderContext } from "../../contract/contract.js";
import { readReference, readReferences, readText } from "./dialect.js";
import type { Domain } from "./query.js";
import { searchRead, type OdooRecord } from "./search-read.js";

/** Records that a field is made of and that take a call of their own, one for a whole batch. */
export interface RelatedRecords {
  /** The name under which the field map finds them beside the record's own fields; read where a field needs them. */
  as: `$${string}`;
  load(context: ProviderContext, records: readonly OdooRecord[]): Promise<(record: OdooRecord) => unknown>;
}

/** More tags than people keep; of those beyond, each is asked for when a record has it. */
const TAGS_MAX = 2_000;

type Names = ReadonlyMap<string, string>;

/** The names of tags; what Odoo shows of a tag has the names of its parents in front. */
export function tagNames(native: string, model: string): RelatedRecords {
  return {
    as: "$tags",
    async load(context, records) {
      const used = new Set(records.flatMap((record) => readReferences(record[native])));
      if (used.size === 0) return () => [];
      const known = await context.memo(`odoo tags ${model}`, (shared) => readNames(shared, model, [], TAGS_MAX));
      const unknown = [...used].filter((id) => !known.has(id)).map(Number);
      const others = unknown.length === 0 ? known : await readNames(context, model, [["id", "in", unknown]]);
      return (record) =>
        readReferences(record[native])
          .map((id) => known.get(id) ?? others.get(id))
          .filter((name) => name !== undefined);
    },
  };
}

async function readNames(context: ProviderContext, model: string, domain: Domain, limit?: number): Promise<Names> {
  const options = { fields: ["name"], ...(limit === undefined ? {} : { limit, order: "id asc" }) };
  const tags = await searchRead(context, model, domain, options);
  return new Map(tags.map((tag) => [String(tag.id), readText(tag["name"]) ?? ""]));
}

/** The attendees of meetings with their answers. */
export const attendees: RelatedRecords = {
  as: "$attendees",
  async load(context, records) {
    const ids = records.map(({ id }) => id);
    const fields = ["event_id", "partner_id", "email", "common_name", "state"];
    const found = await searchRead(context, "calendar.attendee", [["event_id", "in", ids]], { fields, order: "id" });
    const byEvent = Map.groupBy(found, (attendee) => readReference(attendee["event_id"]));
    return ({ id }) => byEvent.get(String(id)) ?? [];
  },
};
